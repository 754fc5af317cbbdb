// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Lets through as many requests of a prefetcher's tasks at once as its controller allows; of those
 * that wait, the ones of the earliest task first. Requests run outside of the lock. Who holds a
 * turn waits for nothing but the origin, so that each turn comes back. A request that brings next
 * to nothing takes only a part of a turn: {@link RequestController#cost}.
 *
 * <p>What the reader opens itself does not wait.
 */
final class RequestGate {

  private final ReentrantLock lock;
  private final RequestController controller;
  private final LongSupplier nanoClock;
  private final Runnable onRoom;
  private final PriorityQueue<Waiter> waiting =
      new PriorityQueue<>(
          Comparator.<Waiter>comparingLong(waiter -> waiter.place)
              .thenComparingLong(waiter -> waiter.arrival));

  /** What the requests in flight cost. */
  private long inFlight;

  private int asking;
  private long arrivals;
  private boolean closed;

  private static final class Waiter {
    final long place;
    final long arrival;
    final int cost;
    final Condition turn;
    boolean granted;

    Waiter(long place, long arrival, int cost, Condition turn) {
      this.place = place;
      this.arrival = arrival;
      this.cost = cost;
      this.turn = turn;
    }
  }

  /**
   * @param lock the prefetcher's, which guards all of this
   * @param onRoom called under the lock after there may be room for more; does no more than wake
   */
  RequestGate(
      ReentrantLock lock, RequestController controller, LongSupplier nanoClock, Runnable onRoom) {
    this.lock = lock;
    this.controller = controller;
    this.nanoClock = nanoClock;
    this.onRoom = onRoom;
  }

  /** Whether one more request could begin at once. Called under the lock. */
  boolean hasRoom() {
    return hasRoom(RequestController.FULL_COST);
  }

  private boolean hasRoom(int cost) {
    return waiting.isEmpty() && fits(cost);
  }

  private boolean fits(int cost) {
    return inFlight + cost <= (long) RequestController.FULL_COST * controller.requests();
  }

  /** How many tasks that workers have are waiting for an answer or for their turn. */
  int asking() {
    return asking;
  }

  /** How a task asks. */
  OriginRequests requestsOf(PrefetchSlot<?> slot) {
    return new OriginRequests() {
      @Override
      public <T> T fetch(long bytes, Call<T> call) throws IOException {
        int cost = begin(slot, bytes);
        long start = nanoClock.getAsLong();
        try {
          return call.run();
        } finally {
          end(slot, cost, nanoClock.getAsLong() - start, bytes);
        }
      }

      @Override
      public <T> T look(Call<T> call) throws IOException {
        beginWait(slot);
        try {
          return call.run();
        } finally {
          endWait(slot);
        }
      }

      @Override
      public <T> T share(SharedCall<T> call) throws IOException, InterruptedException {
        beginWait(slot);
        try {
          return call.run();
        } finally {
          endWait(slot);
        }
      }
    };
  }

  /** Returns when it is the request's turn, with what it costs. */
  private int begin(PrefetchSlot<?> slot, long bytes) throws IOException {
    lock.lock();
    try {
      checkOpen();
      enter(slot);
      slot.extents++;
      int cost = controller.cost(bytes);
      boolean begun = false;
      try {
        if (slot.onDemand || hasRoom(cost)) {
          inFlight += cost;
          onRoom.run();
        } else {
          awaitTurn(slot, cost);
        }
        begun = true;
        return cost;
      } finally {
        if (!begun) {
          leave(slot);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void awaitTurn(PrefetchSlot<?> slot, int cost) throws IOException {
    Waiter waiter = new Waiter(slot.place, arrivals++, cost, lock.newCondition());
    waiting.add(waiter);
    try {
      while (!waiter.granted && !closed) {
        waiter.turn.await();
      }
    } catch (InterruptedException e) {
      if (waiter.granted) {
        inFlight -= cost;
      }
      waiting.remove(waiter);
      grant();
      onRoom.run();
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("Interrupted while waiting for the turn of a request");
      interrupted.initCause(e);
      throw interrupted;
    }
    if (!waiter.granted) {
      checkOpen();
    }
  }

  private void end(PrefetchSlot<?> slot, int cost, long nanos, long bytes) {
    lock.lock();
    try {
      inFlight -= cost;
      leave(slot);
      if (!closed) {
        controller.onRequestEnded(nanos, bytes);
        grant();
        onRoom.run();
      }
    } finally {
      lock.unlock();
    }
  }

  private void beginWait(PrefetchSlot<?> slot) throws IOException {
    lock.lock();
    try {
      checkOpen();
      enter(slot);
      onRoom.run();
    } finally {
      lock.unlock();
    }
  }

  private void endWait(PrefetchSlot<?> slot) {
    lock.lock();
    try {
      leave(slot);
    } finally {
      lock.unlock();
    }
  }

  private void enter(PrefetchSlot<?> slot) {
    if (slot.asking++ == 0 && !slot.onDemand) {
      slot.countedAsking = true;
      asking++;
    }
  }

  private void leave(PrefetchSlot<?> slot) {
    // The reader may have come to it since it was counted.
    if (--slot.asking == 0 && slot.countedAsking) {
      slot.countedAsking = false;
      asking--;
    }
  }

  /** Lets through what may go. Called under the lock, after something changed. */
  void grant() {
    while (!waiting.isEmpty() && fits(waiting.element().cost)) {
      Waiter next = waiting.remove();
      next.granted = true;
      inFlight += next.cost;
      next.turn.signal();
    }
  }

  /** Ends all waits, and lets nothing begin any more. Called under the lock. */
  void close() {
    closed = true;
    waiting.forEach(waiter -> waiter.turn.signal());
    waiting.clear();
  }

  /** As if interrupted: it is not the origin that failed, and others may want the same bytes. */
  private void checkOpen() throws InterruptedIOException {
    if (closed) {
      throw new InterruptedIOException("Cannot ask the origin: the prefetcher is closed");
    }
  }

  /** How many wait for their turn. Called under the lock. */
  int waiting() {
    return waiting.size();
  }
}
