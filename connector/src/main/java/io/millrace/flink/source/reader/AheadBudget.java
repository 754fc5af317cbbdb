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
    if (ahead.addAndGet(bytes) > limit) {
      ahead.addAndGet(-bytes);
      return Optional.empty();
    }
    Optional<Reservation> reservation = shared.tryReserve(bytes);
    if (reservation.isEmpty()) {
      ahead.addAndGet(-bytes);
    }
    return reservation.map(Ahead::new);
  }

  @Override
  public Reservation reserveNow(long bytes) {
    ahead.addAndGet(bytes);
    return new Ahead(shared.reserveNow(bytes));
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
    private final AtomicLong counted;

    private Ahead(Reservation held) {
      this.held = held;
      this.counted = new AtomicLong(held.bytes());
    }

    @Override
    public long bytes() {
      return held.bytes();
    }

    @Override
    public void growNow(long bytes) {
      held.growNow(bytes);
    }

    private void stopCounting() {
      long bytes = counted.getAndSet(0);
      if (bytes > 0) {
        ahead.addAndGet(-bytes);
        listeners.forEach(Runnable::run);
      }
    }

    @Override
    public void close() {
      stopCounting();
      held.close();
    }
  }
}
