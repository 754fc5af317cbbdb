// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

import io.millrace.prefetch.PrefetchSlot.State;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks that are to be prepared while they wait to be begun: in order, and only those that are
 * begun soon, as many as there may be requests. So what they need first is there when they begin,
 * one latency later, if each request brings what a task waits for.
 */
final class Preparations<T> {

  private static final Logger LOG = LoggerFactory.getLogger(Preparations.class);

  private final ReentrantLock lock;
  private final RequestController controller;
  private final boolean enabled;
  private final ArrayDeque<PrefetchSlot<T>> waiting = new ArrayDeque<>();
  private int underWay;

  /**
   * @param lock the prefetcher's, which guards all of this
   * @param enabled whether anything is prepared at all
   */
  Preparations(ReentrantLock lock, RequestController controller, boolean enabled) {
    this.lock = lock;
    this.controller = controller;
    this.enabled = enabled;
  }

  void add(PrefetchSlot<T> slot) {
    if (enabled && slot.task.prepares()) {
      waiting.add(slot);
    }
  }

  /** Threads that prepare. */
  int underWay() {
    return underWay;
  }

  /**
   * Whether another one is to be prepared now.
   *
   * @param first the first task that is not begun, null if all are
   */
  boolean isDue(@Nullable PrefetchSlot<T> first) {
    while (!waiting.isEmpty()
        && (waiting.element().state != State.PENDING || waiting.element().onDemand)) {
      waiting.remove();
    }
    return first != null
        && !waiting.isEmpty()
        && underWay < controller.requests()
        && waiting.element().place - first.place < controller.requests();
  }

  /** The one that is due, which the caller runs. */
  PrefetchSlot<T> next() {
    underWay++;
    return waiting.remove();
  }

  /**
   * Prepares one, on the calling thread, which does not hold the lock.
   *
   * @param closed whether nothing is opened any more; asked under the lock
   */
  void run(PrefetchSlot<T> slot, OriginRequests requests, BooleanSupplier closed) {
    try {
      slot.task.prepare(requests);
    } catch (IOException | InterruptedException | RuntimeException e) {
      LOG.debug("Cannot prepare a task; opening it tells why", e);
    } finally {
      if (ended(closed)) {
        slot.task.abandon();
      }
    }
  }

  private boolean ended(BooleanSupplier closed) {
    lock.lock();
    try {
      underWay--;
      return closed.getAsBoolean();
    } finally {
      lock.unlock();
    }
  }

  void clear() {
    waiting.clear();
  }
}
