// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which extents of a tier are too old to be served. All have the same time to live, so they expire
 * in the order in which they were fetched, and only the oldest has to be looked at. Called under
 * the lock of what they are in.
 *
 * @param <E> what stands for an extent there
 */
public final class ExtentAges<E> {

  private final TimeToLive ttl;
  private final TreeMap<Age, E> oldestFirst = new TreeMap<>();
  private long arrivals;

  /**
   * @param ttl if it has no limit nothing ever expires, and nothing is kept, either
   */
  public ExtentAges(TimeToLive ttl) {
    this.ttl = ttl;
  }

  /**
   * When an extent was fetched, to be given back when it leaves.
   *
   * @param fetchedNanos by {@link TimeToLive#now}
   * @param arrival tells those of the same time apart
   */
  public record Age(long fetchedNanos, long arrival) implements Comparable<Age> {
    @Override
    public int compareTo(Age other) {
      long later = fetchedNanos - other.fetchedNanos; // the clock may overflow
      return later == 0 ? Long.compare(arrival, other.arrival) : Long.signum(later);
    }
  }

  /** An extent has come; its bytes may have left their origin long before. */
  public Age add(E extent, long fetchedNanos) {
    Age age = new Age(fetchedNanos, arrivals++);
    if (ttl.isLimited()) {
      oldestFirst.put(age, extent);
    }
    return age;
  }

  /** An extent has left. */
  public void remove(Age age) {
    oldestFirst.remove(age);
  }

  /** The oldest extent if it is too old, else null. */
  public @Nullable E oldestExpired() {
    Map.Entry<Age, E> oldest = oldestFirst.firstEntry();
    return oldest != null && ttl.isOver(oldest.getKey().fetchedNanos) ? oldest.getValue() : null;
  }

  /** Forgets all. */
  public void clear() {
    oldestFirst.clear();
  }
}
