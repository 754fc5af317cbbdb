// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.storage;

import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStatus;
import io.millrace.storage.ObjectStore;
import io.millrace.storage.ObjectVersion;
import io.millrace.storage.PermanentStorageException;
import io.millrace.storage.RangeReader;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.annotation.Internal;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * Every scheme for which the cluster has a file system, with the cluster's credentials. Versions
 * are length and modification time; there are no tags.
 *
 * <p>Opening an object opens a stream, after asking for its status where the caller does not say
 * which version it expects; closing the reader keeps the stream for the next one who opens the
 * object, up to four an object, 64 in all, and 20 seconds. Streams are opened outside Flink's
 * safety net, which would close them when the task that happened to open them ends; {@link #close}
 * closes those in the pool, and a reader that is closed later its own.
 */
@Internal
public final class FlinkObjectStore implements ObjectStore, Closeable {

  private static final StreamPool.Limits LIMITS =
      new StreamPool.Limits(4, 64, Duration.ofSeconds(20));

  private static final ObjectVersion DIRECTORY = new ObjectVersion(0, 0, "");

  /** Finds the file system of a path's scheme and authority. */
  @FunctionalInterface
  interface FileSystems {
    FileSystem of(URI path) throws IOException;
  }

  private final FileSystems fileSystems;
  private final StreamPool pool;
  private final PoolSweeper sweeper;

  public FlinkObjectStore() {
    this(LIMITS, FileSystem::getUnguardedFileSystem);
  }

  FlinkObjectStore(StreamPool.Limits limits, FileSystems fileSystems) {
    this.fileSystems = fileSystems;
    this.pool = new StreamPool(limits, System::nanoTime);
    this.sweeper = new PoolSweeper(pool, limits.idle());
  }

  @Override
  public List<ObjectStatus> list(ObjectLocation directory) throws IOException {
    Path path = FlinkPaths.of(directory);
    FileSystem files;
    try {
      files = fileSystem(path);
    } catch (IOException | RuntimeException e) {
      throw StoreErrors.of("list " + directory, directory, e);
    }
    FileStatus[] entries = new DirectoryListing(directory, files, path).read();
    List<ObjectStatus> children = new ArrayList<>(entries.length);
    for (FileStatus entry : entries) {
      String name = entry.getPath().getName();
      if (!name.isEmpty()) {
        children.add(statusOf(child(directory, name), entry));
      }
    }
    children.sort(Comparator.comparing(child -> child.location().name()));
    return List.copyOf(children);
  }

  /** Not checked as a path from an index is: what the store lists, it has. */
  private static ObjectLocation child(ObjectLocation directory, String name) {
    String uri = directory.uri();
    return ObjectLocation.of(uri.endsWith("/") ? uri + name : uri + "/" + name);
  }

  @Override
  public ObjectStatus status(ObjectLocation object) throws IOException {
    ObjectStatus status = fetchStatus("read the status of " + object, object);
    pool.retain(object, status.version());
    return status;
  }

  private ObjectStatus fetchStatus(String operation, ObjectLocation object) throws IOException {
    Path path = FlinkPaths.of(object);
    try {
      return statusOf(object, fileSystem(path).getFileStatus(path));
    } catch (IOException | RuntimeException e) {
      throw StoreErrors.of(operation, object, e);
    }
  }

  private static ObjectStatus statusOf(ObjectLocation location, FileStatus status) {
    ObjectVersion version =
        status.isDir()
            ? DIRECTORY
            : new ObjectVersion(status.getLen(), status.getModificationTime(), "");
    return new ObjectStatus(location, version, status.isDir());
  }

  /** Fails at once if there is no such object. */
  @Override
  public RangeReader open(ObjectLocation object) throws IOException {
    PooledStream pooled = pool.take(object);
    return readerOf(pooled != null ? pooled : openStream(object, seen(object)));
  }

  /** The version of an object that is to be opened. */
  private ObjectVersion seen(ObjectLocation object) throws IOException {
    String operation = "open " + object;
    ObjectStatus status = fetchStatus(operation, object);
    if (status.directory()) {
      throw new PermanentStorageException("Cannot " + operation + ": it is a directory");
    }
    return status.version();
  }

  /**
   * Opens the object without asking for its version first, and closes the idle streams of its other
   * versions. If it is another one by now, {@link #status} tells, and closes the stream that was
   * taken for one of the expected version.
   */
  @Override
  public RangeReader open(ObjectLocation object, ObjectVersion expected) throws IOException {
    pool.retain(object, expected);
    // By version nevertheless: one of another version may have come back meanwhile.
    PooledStream pooled = pool.take(object, expected);
    return readerOf(pooled != null ? pooled : openStream(object, expected));
  }

  private RangeReader readerOf(PooledStream stream) {
    return new FlinkRangeReader(pool, stream, sweeper::schedule, this::seen);
  }

  private PooledStream openStream(ObjectLocation object, ObjectVersion version) throws IOException {
    Path path = FlinkPaths.of(object);
    try {
      return new PooledStream(object, version, fileSystem(path).open(path));
    } catch (IOException | RuntimeException e) {
      throw StoreErrors.of("open " + object, object, e);
    }
  }

  private FileSystem fileSystem(Path path) throws IOException {
    return fileSystems.of(path.toUri());
  }

  /** Threads of this store that have not ended. */
  int liveThreads() {
    return sweeper.liveThreads();
  }

  /** Streams that are open and in nobody's use. */
  int idleStreams() {
    return pool.size();
  }

  /** Closes the idle streams and ends the thread that watches them. */
  @Override
  public void close() {
    sweeper.close();
    pool.close();
  }
}
