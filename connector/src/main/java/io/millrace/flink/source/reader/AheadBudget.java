// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.cache.ByteBudget;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds what one reader holds ahead of itself, within the budget that all readers share. What the
 * reader took no longer counts here, only there. Thread-safe.
 */
final class AheadBudget implements ByteBudget {

  private final ByteBudget shared;
  private final long limit;
  private final AtomicLong ahead = new AtomicLong();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /**
   * @param limit most bytes ahead
   */
  AheadBudget(ByteBudget shared, long limit) {
    this.shared = shared;
    this.limit = limit;
  }

  @Override
  public long capacity() {
    return Math.min(limit, shared.capacity());
  }

  @Override
  public long reserved() {
    return ahead.get();
  }

  @Override
  public Optional<Reservation> tryReserve(long bytes) {
    if (!count(bytes)) {
      return Optional.empty();
    }
    boolean reserved = false;
    try {
      Optional<Reservation> reservation = shared.tryReserve(bytes).map(Ahead::new);
      reserved = reservation.isPresent();
      return reservation;
    } finally {
      if (!reserved) {
        ahead.addAndGet(-bytes);
      }
    }
  }

  private boolean count(long bytes) {
    while (true) {
      long counted = ahead.get();
      if (bytes > limit - counted) {
        return false;
      }
      if (ahead.compareAndSet(counted, counted + bytes)) {
        return true;
      }
    }
  }

  @Override
  public Reservation reserveNow(long bytes) {
    Reservation held = shared.reserveNow(bytes);
    ahead.addAndGet(bytes);
    return new Ahead(held);
  }

  @Override
  public Subscription onRelease(Runnable action) {
    Subscription ofShared = shared.onRelease(action);
    listeners.add(action);
    return () -> {
      listeners.remove(action);
      ofShared.close();
    };
  }

  /** The reader took what was reserved for. */
  static void taken(Reservation reservation) {
    if (reservation instanceof Ahead held) {
      held.stopCounting();
    }
  }

  private final class Ahead implements Reservation {
    private final Reservation held;

    /** Guarded by this. */
    private long counted;

    /** Guarded by this. */
    private boolean counts = true;

    private Ahead(Reservation held) {
      this.held = held;
      this.counted = held.bytes();
    }

    @Override
    public long bytes() {
      return held.bytes();
    }

    @Override
    public void growNow(long bytes) {
      held.growNow(bytes);
      synchronized (this) {
        if (counts) {
          counted += bytes;
          ahead.addAndGet(bytes);
        }
      }
    }

    private void stopCounting() {
      synchronized (this) {
        if (!counts) {
          return;
        }
        counts = false;
        ahead.addAndGet(-counted);
      }
      listeners.forEach(Runnable::run);
    }

    @Override
    public void close() {
      stopCounting();
      held.close();
    }
  }
}
