// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.Closeable;
import java.util.concurrent.ThreadLocalRandom;

/** Puts the decorators of a store together. */
public final class ObjectStores {

  private ObjectStores() {}

  /** One whose hedged reads take as much memory as they need, as of small files at planning. */
  public static DecoratedObjectStore decorated(
      ObjectStore base, StorageSettings settings, OriginCounters counters) {
    return decorated(base, settings, counters, HedgeMemory.UNBOUNDED);
  }

  /**
   * A store that retries, bounds, hedges, times and counts the requests to another one: attempts of
   * one request share the retry timeout; each waits its turn, which is not part of its request
   * timeout; one that is slow is sent a second time if that needs no waiting; every request that
   * reaches the store is counted.
   *
   * @param base the store beneath, closed with the result if it is {@link Closeable}
   * @param counters may be shared with other stores
   * @param memory asked for what a read needs that is made a second time
   * @return the store, which the caller closes after every reader that it opened
   */
  public static DecoratedObjectStore decorated(
      ObjectStore base, StorageSettings settings, OriginCounters counters, HedgeMemory memory) {
    StorageClock clock = StorageClock.SYSTEM;
    RequestTimer timer = new RequestTimer(settings.requestTimeout());
    ObjectStore timed =
        new TimedObjectStore(new MeteredObjectStore(base, counters), timer, counters);
    RequestLimiter limiter = new RequestLimiter(settings, clock);
    ObjectStore hedging =
        settings.hedging()
            ? new HedgingObjectStore(timed, timer, limiter, counters, memory)
            : timed;
    ObjectStore bounded = new BoundedObjectStore(hedging, limiter);
    Retries retries =
        new Retries(
            settings.retryTimeout(),
            clock,
            () -> ThreadLocalRandom.current().nextDouble(),
            counters);
    return new DecoratedObjectStore(
        new DecoratedObjectStore.Layers(base, timer, bounded, retries, clock, counters));
  }
}
