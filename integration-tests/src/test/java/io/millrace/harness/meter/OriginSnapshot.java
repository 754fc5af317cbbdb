// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.meter;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Counts at one time, or of a span of time; a value. The parts of it are snapshots again: {@code
 * snapshot.of(GET).faulted().total().requests()}.
 *
 * @param counts by what they are counted by; none is zero
 */
public record OriginSnapshot(Map<OriginKey, OriginCounts> counts) {

  public OriginSnapshot {
    counts = Map.copyOf(counts);
  }

  /** The sum of everything. */
  public OriginCounts total() {
    return counts.values().stream().reduce(OriginCounts.NONE, OriginCounts::plus);
  }

  /** The part with one operation. */
  public OriginSnapshot of(OriginOperation operation) {
    return where(key -> key.operation() == operation);
  }

  /** The part with one object, named as in {@link OriginKey#object}. */
  public OriginSnapshot of(String object) {
    return where(key -> key.object().equals(object));
  }

  /** The requests into which a fault was injected. */
  public OriginSnapshot faulted() {
    return where(OriginKey::faulted);
  }

  /** The requests that were left alone. */
  public OriginSnapshot unfaulted() {
    return where(key -> !key.faulted());
  }

  /** The part that a condition holds for. */
  public OriginSnapshot where(Predicate<OriginKey> condition) {
    Map<OriginKey, OriginCounts> part = new HashMap<>(counts);
    part.keySet().removeIf(condition.negate());
    return new OriginSnapshot(part);
  }

  /** The objects with requests, in order of their names. */
  public Set<String> objects() {
    Set<String> objects = new TreeSet<>();
    counts.keySet().forEach(key -> objects.add(key.object()));
    return objects;
  }

  /** What came between an earlier snapshot of the same meter and this one. */
  public OriginSnapshot minus(OriginSnapshot earlier) {
    Map<OriginKey, OriginCounts> difference = new HashMap<>();
    counts.forEach(
        (key, count) -> {
          OriginCounts since = count.minus(earlier.counts.getOrDefault(key, OriginCounts.NONE));
          if (!since.equals(OriginCounts.NONE)) {
            difference.put(key, since);
          }
        });
    return new OriginSnapshot(difference);
  }
}
