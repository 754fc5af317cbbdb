// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

/**
 * What a prefetcher holds: tasks under way, and results that wait for the reader; tells the
 * controller how the reader fares. Guarded by the prefetcher's lock.
 */
final class HeldTasks {

  private final RequestController controller;

  private int underWay;
  private int ready;
  private long heldBytes;
  private long readyBytes;
  private long takenAtNanos;

  /** Whether the reader uses what it took last. */
  private boolean using;

  HeldTasks(RequestController controller) {
    this.controller = controller;
  }

  int underWay() {
    return underWay;
  }

  /** Whether the reader needs more to be held than there is. */
  boolean reachFarEnough() {
    return underWay + ready >= controller.lookAhead();
  }

  void begun(PrefetchSlot<?> slot) {
    underWay++;
    heldBytes += slot.bytes;
  }

  void notBegun(PrefetchSlot<?> slot) {
    heldBytes += slot.bytes;
  }

  void ended() {
    underWay--;
  }

  /** It waits for the reader. */
  void ready(PrefetchSlot<?> slot) {
    ready++;
    readyBytes += slot.bytes;
  }

  /**
   * The reader took a result.
   *
   * @param enough whether no more would be held if more requests were allowed
   */
  void taken(PrefetchSlot<?> slot, long nowNanos, boolean enough) {
    if (slot.awaitedOrigin) {
      controller.onWaited(nowNanos);
    } else if (!slot.awaited) {
      controller.onReady(slot.extents, readyBytes, heldBytes, enough);
    }
    ready--;
    readyBytes -= slot.bytes;
    heldBytes -= slot.bytes;
    use(nowNanos);
  }

  /** The reader begins to use something. */
  void use(long nowNanos) {
    using = true;
    takenAtNanos = nowNanos;
  }

  /** The reader comes for the next one. */
  void used(long nowNanos) {
    if (using) {
      using = false;
      controller.onUsed(nowNanos - takenAtNanos);
    }
  }
}
