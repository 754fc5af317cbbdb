// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A store over a local directory that writes down every request and fails or waits where a test
 * asks for it. Thread-safe; locations are {@code file:/absolute/path}, not percent-encoded.
 */
public final class TestingObjectStore implements ObjectStore {

  /** What was asked of the store. */
  public enum Operation {
    LIST,
    STATUS,
    OPEN,
    READ
  }

  /**
   * One call.
   *
   * @param position first byte of a read, else 0
   * @param length bytes of a read, else 0
   */
  public record Request(Operation operation, ObjectLocation location, long position, long length) {}

  /** Runs before a request is served, on the caller's thread; may throw, block or do nothing. */
  @FunctionalInterface
  public interface Fault {
    void before(Request request) throws IOException;
  }

  private final Path root;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger openReaders = new AtomicInteger();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger maxInFlight = new AtomicInteger();
  private volatile Fault fault = request -> {};

  public TestingObjectStore(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /** The directory that it serves. */
  public ObjectLocation root() {
    return locationOf(root);
  }

  /** The location of a path below the root, with {@code /} between names. */
  public ObjectLocation location(String path) {
    return root().resolve(path);
  }

  /** Runs this before every request from now on, in place of what was set before. */
  public void setFault(Fault newFault) {
    fault = newFault;
  }

  /** Fails the next requests of one kind with the message "injected", then serves again. */
  public void failNext(Operation operation, int times) {
    AtomicInteger left = new AtomicInteger(times);
    setFault(
        request -> {
          if (request.operation() == operation && left.getAndDecrement() > 0) {
            throw new IOException("injected");
          }
        });
  }

  /** Every request so far, failed ones too, in the order in which they came. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  public long count(Operation operation) {
    return requests.stream().filter(request -> request.operation() == operation).count();
  }

  /** The bytes that all reads so far asked for, failed ones too. */
  public long bytesRequested() {
    return requests.stream().mapToLong(Request::length).sum();
  }

  public void clearRequests() {
    requests.clear();
  }

  /** Readers that were opened and not closed. */
  public int openReaders() {
    return openReaders.get();
  }

  /** Requests that are being served at the moment. */
  public int inFlight() {
    return inFlight.get();
  }

  /** The most requests that were ever served at once. */
  public int maxInFlight() {
    return maxInFlight.get();
  }

  @Override
  public List<ObjectStatus> list(ObjectLocation directory) throws IOException {
    return serve(new Request(Operation.LIST, directory, 0, 0), () -> children(directory));
  }

  @Override
  public ObjectStatus status(ObjectLocation object) throws IOException {
    return serve(new Request(Operation.STATUS, object, 0, 0), () -> statusOf(pathOf(object)));
  }

  @Override
  public RangeReader open(ObjectLocation object) throws IOException {
    return serve(new Request(Operation.OPEN, object, 0, 0), () -> openFile(object));
  }

  private List<ObjectStatus> children(ObjectLocation directory) throws IOException {
    Path path = pathOf(directory);
    if (!Files.isDirectory(path)) {
      throw new FileNotFoundException("Cannot list " + directory + ": no such directory");
    }
    List<ObjectStatus> children = new ArrayList<>();
    try (Stream<Path> entries = Files.list(path)) {
      for (Path entry : entries.toList()) {
        children.add(statusOf(entry));
      }
    }
    children.sort(Comparator.comparing(child -> child.location().name()));
    return children;
  }

  private RangeReader openFile(ObjectLocation object) throws IOException {
    Path path = pathOf(object);
    if (Files.isDirectory(path)) {
      throw new PermanentStorageException("Cannot open " + object + ": it is a directory");
    }
    FileChannel channel;
    try {
      channel = FileChannel.open(path);
    } catch (NoSuchFileException e) {
      throw missing("open", object, e);
    }
    openReaders.incrementAndGet();
    return new FileReader(object, channel);
  }

  private static ObjectStatus statusOf(Path path) throws IOException {
    ObjectLocation location = locationOf(path);
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(path, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      throw missing("read the status of", location, e);
    }
    if (attributes.isDirectory()) {
      return new ObjectStatus(location, new ObjectVersion(0, 0, ""), true);
    }
    long modified = attributes.lastModifiedTime().toMillis();
    return new ObjectStatus(location, new ObjectVersion(attributes.size(), modified, ""), false);
  }

  private static FileNotFoundException missing(
      String operation, ObjectLocation object, IOException cause) {
    FileNotFoundException missing =
        new FileNotFoundException("Cannot " + operation + " " + object + ": no such object");
    missing.initCause(cause);
    return missing;
  }

  private static ObjectLocation locationOf(Path path) {
    return ObjectLocation.of("file:" + path);
  }

  private Path pathOf(ObjectLocation location) {
    String uri = location.uri();
    if (!uri.startsWith("file:/")) {
      throw new IllegalArgumentException("Cannot serve " + uri + ": it is not file:/…");
    }
    Path path = Path.of(uri.substring("file:".length())).normalize();
    if (!path.startsWith(root)) {
      throw new IllegalArgumentException("Cannot serve " + uri + ": it is not below " + root);
    }
    return path;
  }

  @FunctionalInterface
  private interface Call<T> {
    T run() throws IOException;
  }

  private <T> T serve(Request request, Call<T> call) throws IOException {
    requests.add(request);
    maxInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
    try {
      fault.before(request);
      return call.run();
    } finally {
      inFlight.decrementAndGet();
    }
  }

  private final class FileReader implements RangeReader {

    private final ObjectLocation location;
    private final FileChannel channel;
    private final AtomicBoolean closed = new AtomicBoolean();

    FileReader(ObjectLocation location, FileChannel channel) {
      this.location = location;
      this.channel = channel;
    }

    @Override
    public ObjectLocation location() {
      return location;
    }

    @Override
    public void readFully(long position, ByteChunks target) throws IOException {
      Request request = new Request(Operation.READ, location, position, target.length());
      serve(
          request,
          () -> {
            try {
              fill(position, target);
            } catch (ClosedByInterruptException e) {
              throw new InterruptedIOException("Cannot read " + location + ": interrupted");
            }
            return target;
          });
    }

    private void fill(long position, ByteChunks target) throws IOException {
      for (var s = target.first(0, target.length()); s != null; s = s.next()) {
        ByteBuffer buffer = ByteBuffer.wrap(s.array(), s.offset(), s.length());
        long at = position + s.position();
        while (buffer.hasRemaining()) {
          int count = channel.read(buffer, at);
          if (count < 0) {
            throw new CorruptObjectException(
                location, channel.size(), "it ends before " + (position + target.length()));
          }
          at += count;
        }
      }
    }

    @Override
    public void close() throws IOException {
      if (closed.compareAndSet(false, true)) {
        openReaders.decrementAndGet();
        channel.close();
      }
    }
  }
}
