// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads units again on the fetcher's thread, and lets another thread that closes the reader
 * interrupt it there. Thread-safe.
 */
final class Rereads implements AutoCloseable {

  /** Both are guarded by this. */
  private @Nullable Thread reading;

  private boolean closed;

  /**
   * Reads; not at the same time as another thread.
   *
   * @throws IllegalStateException if the reader is closed
   */
  <T> T read(Reading<T> again) throws IOException {
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException("Cannot read a unit again: the reader is closed");
      }
      reading = Thread.currentThread();
    }
    try {
      return again.read();
    } finally {
      synchronized (this) {
        reading = null;
        if (closed) {
          Thread.interrupted(); // by close()
        }
      }
    }
  }

  /** Interrupts what is being read. */
  @Override
  public synchronized void close() {
    closed = true;
    if (reading != null) {
      reading.interrupt();
    }
  }

  /**
   * What reads; an interrupt ends it.
   *
   * @param <T> what it gives
   */
  @FunctionalInterface
  interface Reading<T> {
    T read() throws IOException;
  }
}
