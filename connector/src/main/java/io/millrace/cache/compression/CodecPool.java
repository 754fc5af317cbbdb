// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.compression;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A bounded number of codecs with their contexts and scratch memory, made when first needed.
 * Thread-safe. A thread takes one, uses it and gives it back; who finds none waits for that, which
 * is only as long as others compute. {@link #close} frees the idle ones, the others follow when
 * they are given back.
 */
final class CodecPool<T extends CodecPool.Codec> implements AutoCloseable {

  /** Holds native memory until it is closed. */
  interface Codec {
    void close();
  }

  private final Supplier<T> maker;
  private final Semaphore permits;
  private final Deque<T> idle = new ArrayDeque<>();
  private boolean closed;

  CodecPool(int most, Supplier<T> maker) {
    this.maker = maker;
    this.permits = new Semaphore(most);
  }

  T take() {
    permits.acquireUninterruptibly();
    boolean taken = false;
    try {
      T codec = idle();
      if (codec == null) {
        codec = maker.get();
      }
      taken = true;
      return codec;
    } finally {
      if (!taken) {
        permits.release();
      }
    }
  }

  private synchronized @Nullable T idle() {
    return idle.poll();
  }

  void giveBack(T codec) {
    try {
      synchronized (this) {
        if (!closed) {
          idle.push(codec);
          return;
        }
      }
      codec.close();
    } finally {
      permits.release();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    for (T codec = idle.poll(); codec != null; codec = idle.poll()) {
      codec.close();
    }
  }
}
