// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples.origin;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A simulated store: the local files, each request to which takes a set time. Reached from Flink by
 * the URIs of {@link #uri} until it is closed. Thread-safe.
 */
public final class DelayedOrigin implements AutoCloseable {

  static final String SCHEME = "delayed+file";

  /** By name: Flink finds file systems by their URI's scheme and authority alone. */
  private static final Map<String, DelayedOrigin> OPEN = new ConcurrentHashMap<>();

  private static final AtomicLong NEXT = new AtomicLong(1);

  private final String name;
  private final Duration latency;
  private final LongAdder requests = new LongAdder();
  private final LongAdder bytes = new LongAdder();

  private DelayedOrigin(String name, Duration latency) {
    this.name = name;
    this.latency = latency;
  }

  /** Opens a store whose requests take this long. */
  public static DelayedOrigin open(Duration latency) {
    if (latency.isNegative()) {
      throw new IllegalArgumentException("Cannot simulate a latency of " + latency);
    }
    DelayedOrigin origin = new DelayedOrigin("origin-" + NEXT.getAndIncrement(), latency);
    OPEN.put(origin.name, origin);
    return origin;
  }

  static DelayedOrigin named(@Nullable String name) throws IOException {
    DelayedOrigin origin = name == null ? null : OPEN.get(name);
    if (origin == null) {
      throw new FileNotFoundException(
          "Cannot reach the simulated store '" + name + "': open are " + OPEN.keySet());
    }
    return origin;
  }

  /** The URI of a local file or directory in this store. Names are not escaped. */
  String uri(Path path) {
    return SCHEME + "://" + name + path.toAbsolutePath();
  }

  /**
   * The URI of a local directory as the option {@code path} takes it: a semicolon in a name is
   * escaped there, since what follows one would be another place of the dataset.
   */
  public String dataset(Path directory) {
    return uri(directory).replace(";", "\\;");
  }

  String name() {
    return name;
  }

  /** A request: waits for the latency and counts it. */
  void request() throws IOException {
    requests.increment();
    try {
      TimeUnit.NANOSECONDS.sleep(latency.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("Interrupted while waiting for the simulated store");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  void sent(long count) {
    bytes.add(count);
  }

  /** What it was asked for so far. */
  public Counts counts() {
    return new Counts(requests.sum(), bytes.sum());
  }

  /** Forgets the store. A file system of it that Flink has made before goes on. */
  @Override
  public void close() {
    OPEN.remove(name, this);
  }

  /**
   * What a store was asked for.
   *
   * @param requests opens, listings, status requests, and reads after a seek
   * @param bytes bytes read
   */
  public record Counts(long requests, long bytes) {}
}
