// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A count of bytes under a lock. Those who wait for bytes are told in turn: each release begins
 * with another of them, so that none is always last.
 */
public final class BoundedByteBudget implements ByteBudget {

  private final long capacity;
  private final ReentrantLock lock;
  private final Runnable onGrowth;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final AtomicInteger turn = new AtomicInteger();

  private long reserved;
  private long peak;
  private boolean closed;

  /**
   * A budget that stands alone.
   *
   * @param capacity bytes, at least 0
   */
  public BoundedByteBudget(long capacity) {
    this(capacity, new ReentrantLock(), () -> {});
  }

  /**
   * A part of something larger.
   *
   * @param lock the lock of the whole, so that its sums add up at every moment
   * @param onGrowth called under the lock after more was taken: the rest of the whole makes room
   */
  BoundedByteBudget(long capacity, ReentrantLock lock, Runnable onGrowth) {
    if (capacity < 0) {
      throw new IllegalArgumentException("Cannot bound bytes by a negative number: " + capacity);
    }
    this.capacity = capacity;
    this.lock = lock;
    this.onGrowth = onGrowth;
  }

  @Override
  public long capacity() {
    return capacity;
  }

  @Override
  public long reserved() {
    lock.lock();
    try {
      return reserved;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The most that was reserved at a time, since the start or {@link #resetPeak}; both are called
   * under the lock.
   */
  long peak() {
    return peak;
  }

  void resetPeak() {
    peak = reserved;
  }

  @Override
  public Optional<Reservation> tryReserve(long bytes) {
    checkCount(bytes);
    lock.lock();
    try {
      if (closed || bytes > capacity - reserved) {
        return Optional.empty();
      }
      grow(bytes);
      return Optional.of(new Held(bytes));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Reservation reserveNow(long bytes) {
    checkCount(bytes);
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("Cannot reserve " + bytes + " bytes: the cache is closed");
      }
      grow(bytes);
      return new Held(bytes);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Subscription onRelease(Runnable action) {
    Listener listener = new Listener(action);
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Grants nothing from now on; what is held stays counted until it is given back. */
  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  private static void checkCount(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("Cannot reserve a negative number of bytes: " + bytes);
    }
  }

  private void grow(long bytes) {
    reserved = Math.addExact(reserved, bytes);
    peak = Math.max(peak, reserved);
    onGrowth.run();
  }

  private void tellListeners() {
    Listener[] told = listeners.toArray(new Listener[0]);
    int first = told.length == 0 ? 0 : Math.floorMod(turn.getAndIncrement(), told.length);
    for (int i = 0; i < told.length; i++) {
      told[(first + i) % told.length].action.run();
    }
  }

  /** An action with an identity of its own: the same action may listen twice. */
  private static final class Listener {

    private final Runnable action;

    Listener(Runnable action) {
      this.action = action;
    }
  }

  private final class Held implements Reservation {

    private volatile long bytes;
    private boolean returned;

    Held(long bytes) {
      this.bytes = bytes;
    }

    @Override
    public long bytes() {
      return bytes;
    }

    @Override
    public void growNow(long more) {
      checkCount(more);
      lock.lock();
      try {
        if (returned) {
          throw new IllegalStateException(
              "Cannot add " + more + " bytes to a reservation that was given back");
        }
        bytes = Math.addExact(bytes, more);
        grow(more);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (returned) {
          return;
        }
        returned = true;
        reserved -= bytes;
      } finally {
        lock.unlock();
      }
      tellListeners();
    }
  }
}
