// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.storage;

import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectVersion;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Streams that nobody reads from at the moment, the one given back last taken first: a single
 * reader then goes on where it was. Bounded per object, in all, and in how long one stays.
 * Thread-safe; closes streams outside its lock.
 */
final class StreamPool {

  /**
   * @param perObject streams of one object
   * @param total streams in all
   * @param idle how long one may stay
   */
  record Limits(int perObject, int total, Duration idle) {}

  private final Limits limits;
  private final LongSupplier nanoTime;

  /** Oldest first; guarded by this. So short that walking it costs nothing beside a request. */
  private final Deque<PooledStream> idle = new ArrayDeque<>();

  private boolean closed;

  StreamPool(Limits limits, LongSupplier nanoTime) {
    this.limits = limits;
    this.nanoTime = nanoTime;
  }

  /** Takes a stream of an object out, whatever its version, or null when there is none. */
  @Nullable PooledStream take(ObjectLocation location) {
    return take(s -> s.location().equals(location));
  }

  /**
   * Takes a stream out that was opened on a version of an object, as far as that version tells, or
   * null when there is none.
   */
  @Nullable PooledStream take(ObjectLocation location, ObjectVersion version) {
    return take(s -> s.location().equals(location) && s.version().agreesWith(version));
  }

  private synchronized @Nullable PooledStream take(Predicate<PooledStream> condition) {
    for (Iterator<PooledStream> i = idle.descendingIterator(); i.hasNext(); ) {
      PooledStream candidate = i.next();
      if (condition.test(candidate)) {
        i.remove();
        return candidate;
      }
    }
    return null;
  }

  /** Puts a stream in that works; what no longer fits is closed. */
  void give(PooledStream stream) {
    List<PooledStream> surplus = new ArrayList<>();
    synchronized (this) {
      if (closed) {
        surplus.add(stream);
      } else {
        stream.idleSince = nanoTime.getAsLong();
        idle.addLast(stream);
        shrink(stream.location(), surplus);
      }
    }
    surplus.forEach(PooledStream::closeQuietly);
  }

  private void shrink(ObjectLocation location, List<PooledStream> surplus) {
    long sameObject = idle.stream().filter(s -> s.location().equals(location)).count();
    if (sameObject > limits.perObject()) {
      Iterator<PooledStream> i = idle.iterator();
      while (i.hasNext()) {
        PooledStream oldest = i.next();
        if (oldest.location().equals(location)) {
          i.remove();
          surplus.add(oldest);
          return;
        }
      }
    }
    if (idle.size() > limits.total()) {
      surplus.add(idle.removeFirst());
    }
  }

  /** Closes the streams of an object that were opened on another version of it. */
  void retain(ObjectLocation location, ObjectVersion version) {
    closeIf(s -> s.location().equals(location) && !s.version().agreesWith(version));
  }

  /** Closes the streams of an object. */
  void discard(ObjectLocation location) {
    closeIf(s -> s.location().equals(location));
  }

  /** Closes what was idle for too long. */
  void sweep() {
    long now = nanoTime.getAsLong();
    closeIf(s -> now - s.idleSince >= limits.idle().toNanos());
  }

  synchronized int size() {
    return idle.size();
  }

  /** Closes all streams, and those given back later. */
  void close() {
    synchronized (this) {
      closed = true;
    }
    closeIf(s -> true);
  }

  private void closeIf(Predicate<PooledStream> condition) {
    List<PooledStream> removed = new ArrayList<>();
    synchronized (this) {
      for (Iterator<PooledStream> i = idle.iterator(); i.hasNext(); ) {
        PooledStream stream = i.next();
        if (condition.test(stream)) {
          i.remove();
          removed.add(stream);
        }
      }
    }
    removed.forEach(PooledStream::closeQuietly);
  }
}
