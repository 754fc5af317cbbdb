// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import io.millrace.cache.ByteBudget;
import io.millrace.cache.Extent;
import io.millrace.cache.PinnedExtent;
import io.millrace.cache.TimeToLive;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Extents that wait to be written by one thread. They stay pinned in memory meanwhile and are
 * reserved there as working memory: a disk that is slower than the origin so slows prefetching down
 * to its own speed, and takes no more than a bound from it. Nobody waits for room in the queue;
 * what finds none is left out and counted.
 */
final class WriteQueue {

  private final ByteBudget memory;
  private final TimeToLive ttl;
  private final long maxBytes;
  private final int copies;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Extent, Pending> waiting = new LinkedHashMap<>();
  private final Map<Extent, Pending> writing = new LinkedHashMap<>();

  private long bytes;
  private long skips;
  private boolean woken;
  private boolean closed;

  /**
   * @param memory where what waits is reserved
   * @param ttl what is older than that is not waiting any more, whatever is still to be done with
   *     it
   * @param maxBytes bound on the memory that what waits takes
   * @param copies how often an extent is in memory while it is written: twice if it is compressed
   */
  WriteQueue(ByteBudget memory, TimeToLive ttl, long maxBytes, int copies) {
    this.memory = memory;
    this.ttl = ttl;
    this.copies = copies;
    this.maxBytes = maxBytes / copies;
  }

  /** An extent to write; whoever holds it closes its pin and gives its memory back. */
  static final class Pending {
    private final Extent extent;
    private final PinnedExtent pin;
    private final List<Object> purposes;
    private final ByteBudget.Reservation reservation;
    private volatile boolean discarded;

    private Pending(
        Extent extent,
        PinnedExtent pin,
        List<Object> purposes,
        ByteBudget.Reservation reservation) {
      this.extent = extent;
      this.pin = pin;
      this.purposes = purposes;
      this.reservation = reservation;
    }

    Extent extent() {
      return extent;
    }

    PinnedExtent pin() {
      return pin;
    }

    List<Object> purposes() {
      return purposes;
    }

    /** Whether the bytes turned out to be wrong. */
    boolean isDiscarded() {
      return discarded;
    }

    private void release() {
      try (reservation) {
        pin.close();
      }
    }
  }

  /**
   * Takes an extent over with its pin.
   *
   * @return whether it did; if not, the caller keeps the pin
   */
  boolean offer(Extent extent, PinnedExtent pin, List<Object> purposes) {
    Pending old = takeOld(extent);
    if (old != null) {
      old.release();
    }
    lock.lock();
    try {
      if (closed || waiting.containsKey(extent) || isYoung(writing.get(extent))) {
        return false;
      }
      if (bytes > 0 && bytes + extent.length() > maxBytes) {
        skips++;
        return false;
      }
      bytes += extent.length();
      waiting.put(
          extent, new Pending(extent, pin, purposes, memory.reserveNow(copies * extent.length())));
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes away what waits of an extent but became too old, which would keep others out. */
  private @Nullable Pending takeOld(Extent extent) {
    lock.lock();
    try {
      Pending pending = waiting.get(extent);
      if (pending == null || isYoung(pending)) {
        return null;
      }
      waiting.remove(extent);
      bytes -= extent.length();
      return pending;
    } finally {
      lock.unlock();
    }
  }

  private boolean isYoung(@Nullable Pending pending) {
    return pending != null && !ttl.isOver(pending.pin.fetchedNanos());
  }

  boolean contains(Extent extent) {
    lock.lock();
    try {
      Pending pending = waiting.containsKey(extent) ? waiting.get(extent) : writing.get(extent);
      return pending != null && !pending.discarded && isYoung(pending);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next one, for the writer, who calls {@link #done} for it; waits for a while if there is
   * none. Null after that, after {@link #wake}, and at once when the queue is closed and empty.
   */
  @Nullable Pending take(Duration wait) throws InterruptedException {
    lock.lock();
    try {
      long left = wait.toNanos();
      while (waiting.isEmpty() && !woken && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      woken = false;
      if (waiting.isEmpty()) {
        return null;
      }
      Pending first = waiting.values().iterator().next();
      waiting.remove(first.extent);
      writing.put(first.extent, first);
      return first;
    } finally {
      lock.unlock();
    }
  }

  /** Gives back what an extent took; counts it as left out if it was not dealt with. */
  void done(Pending pending, boolean dealtWith) {
    try {
      pending.release();
    } finally {
      lock.lock();
      try {
        writing.remove(pending.extent);
        bytes -= pending.extent.length();
        if (!dealtWith) {
          skips++;
        }
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  void discard(Extent extent) {
    Pending removed;
    lock.lock();
    try {
      removed = waiting.remove(extent);
      if (removed != null) {
        bytes -= extent.length();
      }
      Pending current = writing.get(extent);
      if (current != null) {
        current.discarded = true;
      }
    } finally {
      lock.unlock();
    }
    if (removed != null) {
      removed.release();
    }
  }

  /** Forgets all of it; what is being written will be discarded, and is returned. */
  List<Extent> clear() {
    List<Pending> removed;
    List<Extent> current;
    lock.lock();
    try {
      removed = List.copyOf(waiting.values());
      waiting.clear();
      removed.forEach(pending -> bytes -= pending.extent.length());
      writing.values().forEach(pending -> pending.discarded = true);
      current = List.copyOf(writing.keySet());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    removed.forEach(Pending::release);
    return current;
  }

  /** Has the writer look after other things. */
  void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing any more; what waits can still be taken. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until all is written; whether it was within the limit. */
  boolean awaitEmpty(Duration limit) throws InterruptedException {
    lock.lock();
    try {
      long left = limit.toNanos();
      while ((!waiting.isEmpty() || !writing.isEmpty()) && left > 0) {
        left = changed.awaitNanos(left);
      }
      return waiting.isEmpty() && writing.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  long skips() {
    lock.lock();
    try {
      return skips;
    } finally {
      lock.unlock();
    }
  }

  void resetCounters() {
    lock.lock();
    try {
      skips = 0;
    } finally {
      lock.unlock();
    }
  }
}
