// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.apache.flink.annotation.Internal;

/**
 * A set of epochs; closed under union, intersection and complement.
 *
 * @param ranges ascending, apart from each other by at least one epoch
 */
@Internal
public record EpochRanges(List<Range> ranges) implements Serializable {

  /** Every epoch. */
  public static final EpochRanges ALL = between(0, Integer.MAX_VALUE);

  private static final EpochRanges NONE = new EpochRanges(List.of());

  public EpochRanges {
    ranges = List.copyOf(ranges);
  }

  /**
   * Consecutive epochs.
   *
   * @param first the first one
   * @param last the last one
   */
  public record Range(int first, int last) implements Serializable {}

  /** The epochs from one to another, both included; none if the last is before the first. */
  public static EpochRanges between(long first, long last) {
    long from = Math.max(0, first);
    long to = Math.min(Integer.MAX_VALUE, last);
    return from > to ? NONE : new EpochRanges(List.of(new Range((int) from, (int) to)));
  }

  public EpochRanges or(EpochRanges other) {
    List<Range> sorted = new ArrayList<>(ranges);
    sorted.addAll(other.ranges);
    sorted.sort(Comparator.comparingInt(Range::first));
    List<Range> merged = new ArrayList<>();
    for (Range range : sorted) {
      Range last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (last != null && range.first - 1L <= last.last) {
        merged.set(merged.size() - 1, new Range(last.first, Math.max(last.last, range.last)));
      } else {
        merged.add(range);
      }
    }
    return new EpochRanges(merged);
  }

  public EpochRanges not() {
    List<Range> gaps = new ArrayList<>();
    long from = 0;
    for (Range range : ranges) {
      if (range.first > from) {
        gaps.add(new Range((int) from, range.first - 1));
      }
      from = range.last + 1L;
    }
    if (from <= Integer.MAX_VALUE) {
      gaps.add(new Range((int) from, Integer.MAX_VALUE));
    }
    return new EpochRanges(gaps);
  }

  public EpochRanges and(EpochRanges other) {
    return not().or(other.not()).not();
  }

  /** In words; the same for equal sets. */
  String text() {
    if (ranges.isEmpty()) {
      return "none";
    }
    return equals(ALL)
        ? "all"
        : ranges.stream().map(EpochRanges::text).collect(Collectors.joining(", "));
  }

  private static String text(Range range) {
    if (range.first == range.last) {
      return String.valueOf(range.first);
    }
    return range.last == Integer.MAX_VALUE
        ? range.first + " and up"
        : range.first + " to " + range.last;
  }

  /** The first epoch of the set that is at least this one. */
  public OptionalInt from(int epoch) {
    for (Range range : ranges) {
      if (epoch <= range.last) {
        return OptionalInt.of(Math.max(epoch, range.first));
      }
    }
    return OptionalInt.empty();
  }

  /** How many of the epochs below a bound belong to the set. */
  public long countBelow(int bound) {
    return ranges.stream()
        .mapToLong(range -> Math.max(0, Math.min(range.last + 1L, bound) - range.first))
        .sum();
  }
}
