// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import io.millrace.harness.meter.OriginMeter;
import io.millrace.harness.meter.OriginOperation;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of a directory or of an HDFS, behind a Flink file system that misbehaves as its rules
 * say and counts what it is asked: {@code faulty-file://NAME/PATH} or {@code
 * faulty-hdfs://HOST:PORT/PATH}. Only in this process: a MiniCluster's, not a cluster of processes.
 *
 * <p>A GET is what a stream reads from its opening or a seek on. Writing works, but what is written
 * is only counted and slowed down; there is no recoverable writer.
 *
 * <p>Thread-safe. Whoever opens it closes it, which ends calls that hang. The name is free again
 * then; file systems that Flink has made belong to whoever opens the name next.
 */
public final class FaultyOrigin implements AutoCloseable {

  static final String FILE_SCHEME = "faulty-file";
  static final String HDFS_SCHEME = "faulty-hdfs";

  /** By authority: Flink finds file systems by their URI's scheme and authority alone. */
  private static final Map<String, FaultyOrigin> OPEN = new ConcurrentHashMap<>();

  private final URI root;
  private final URI inner;
  private final Faults faults;
  private final OriginMeter meter = new OriginMeter();
  private final Set<FaultyCall> calls = ConcurrentHashMap.newKeySet();

  private FaultyOrigin(URI root, URI inner, long seed) {
    this.root = root;
    this.inner = inner;
    this.faults = new Faults(seed);
  }

  /**
   * Opens the files beneath a local directory, under a name. Objects are told by their paths
   * beneath it, so that a run repeats in another directory.
   *
   * @throws IllegalStateException if the name is in use
   */
  public static FaultyOrigin file(String name, Path directory, long seed) {
    return open(uri(FILE_SCHEME, name, "/"), directory.toAbsolutePath().toUri(), seed);
  }

  /**
   * Opens an HDFS; its name is {@code HOST:PORT}.
   *
   * @param nameNode {@code hdfs://HOST:PORT}
   * @throws IllegalStateException if it is open
   */
  public static FaultyOrigin hdfs(URI nameNode, long seed) {
    String authority = nameNode.getAuthority();
    return open(uri(HDFS_SCHEME, authority, "/"), uri("hdfs", authority, "/"), seed);
  }

  private static FaultyOrigin open(URI root, URI inner, long seed) {
    FaultyOrigin origin = new FaultyOrigin(root, inner, seed);
    if (OPEN.putIfAbsent(root.getAuthority(), origin) != null) {
      throw new IllegalStateException("Cannot open " + root + ": it is open");
    }
    return origin;
  }

  /**
   * The one that is open under a name, for functions of a job in this process.
   *
   * @throws FileNotFoundException if there is none
   */
  public static FaultyOrigin named(@Nullable String name) throws FileNotFoundException {
    FaultyOrigin origin = name == null ? null : OPEN.get(name);
    if (origin == null) {
      throw new FileNotFoundException(
          "Cannot find the faulty origin '" + name + "': open are " + OPEN.keySet());
    }
    return origin;
  }

  /**
   * The URI of a path in it.
   *
   * @param path from a slash on; not escaped
   */
  public String uri(String path) {
    return root.getScheme() + "://" + root.getAuthority() + path;
  }

  /** Its rules; none at first. */
  public Faults faults() {
    return faults;
  }

  /** What it was asked for. */
  public OriginMeter meter() {
    return meter;
  }

  /** Removes the rules, begins to count at zero, and ends calls that hang, with an error. */
  public synchronized void reset() {
    faults.clear();
    calls.stream().filter(FaultyCall::hangs).forEach(FaultyCall::release);
    meter.reset();
  }

  URI root() {
    return root;
  }

  /** The file system beneath. */
  URI inner() {
    return inner;
  }

  /** Where a path of this lies beneath. */
  org.apache.flink.core.fs.Path inner(org.apache.flink.core.fs.Path path) {
    String directory = inner.getPath();
    String prefix = directory.substring(0, directory.length() - (directory.endsWith("/") ? 1 : 0));
    return new org.apache.flink.core.fs.Path(
        uri(inner.getScheme(), inner.getAuthority(), prefix + path.getPath()));
  }

  static org.apache.flink.core.fs.Path child(
      org.apache.flink.core.fs.Path directory, org.apache.flink.core.fs.Path found) {
    String path = directory.getPath();
    URI uri = directory.toUri();
    return new org.apache.flink.core.fs.Path(
        uri(
            uri.getScheme(),
            uri.getAuthority(),
            (path.endsWith("/") ? path : path + "/") + found.getName()));
  }

  /** Not by way of Flink's parser, which changes names. */
  private static URI uri(String scheme, @Nullable String authority, String path) {
    try {
      return new URI(scheme, authority, path, null, null);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "Cannot use " + path + " at '" + authority + "' as a location: " + e.getReason(), e);
    }
  }

  /** A call that comes back with its result. */
  @FunctionalInterface
  interface IoCall<T> {
    T run() throws IOException;
  }

  /** Counts a call of the file system and lets happen to it what its rules say. */
  <T> T call(OriginOperation operation, org.apache.flink.core.fs.Path path, IoCall<T> call)
      throws IOException {
    FaultyCall faulty = begin(operation, path);
    try {
      faulty.before();
      T result = call.run();
      faulty.pace().answered();
      return result;
    } finally {
      end(faulty);
    }
  }

  /** Begins a call, which the caller ends. In one step with the decision, for {@link #reset}. */
  synchronized FaultyCall begin(OriginOperation operation, org.apache.flink.core.fs.Path path) {
    String object = path.getPath();
    OriginRequest request = new OriginRequest(operation, operation.name(), object, object);
    FaultyCall call = new FaultyCall(request, faults.decide(request), meter);
    calls.add(call);
    return call;
  }

  void end(FaultyCall call) {
    calls.remove(call);
  }

  /** Forgets the name, and ends all calls that wait. Idempotent. */
  @Override
  public synchronized void close() {
    OPEN.remove(root.getAuthority(), this);
    faults.clear();
    calls.forEach(FaultyCall::release);
  }
}
