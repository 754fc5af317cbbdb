// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import java.util.Comparator;
import java.util.List;

/**
 * The part whose units are those of the whole. Units of the others that reach over the ends of its
 * units are opened for each of them again, unless their format can cut them. So a good part is one
 * with which little is opened in an epoch; of several good ones the best is the one with the
 * smallest units, which mix better and keep more readers busy. None is good whose units grow out of
 * proportion, as where a few megabytes of labels stand beside gigabytes of images.
 *
 * @param part the part
 * @param cost what reading the whole costs with it
 */
record Leading(IndexedPart part, ReadCost cost) {

  /** Units up to this size are never out of proportion. */
  private static final long MODEST_BYTES = 32L << 20;

  /** How much more than with the best part may be opened to get smaller units. */
  private static final double TOLERANCE = 1.25;

  private static final Comparator<Leading> SMALLEST_UNITS =
      Comparator.comparingLong(leading -> leading.cost.largestBytes());

  /** Chooses one of at least one part. */
  static Leading of(List<IndexedPart> parts) {
    List<Leading> all =
        parts.stream().map(part -> new Leading(part, ReadCost.of(parts, part))).toList();
    long sum = parts.stream().mapToLong(IndexedPart::largestUnitBytes).sum();
    long proportionate = Math.max(MODEST_BYTES, 2 * sum);
    List<Leading> good =
        all.stream().filter(leading -> leading.cost.largestBytes() <= proportionate).toList();
    double least = good.stream().mapToLong(leading -> leading.cost.openedBytes()).min().orElse(0);
    return good.stream()
        .filter(leading -> leading.cost.openedBytes() <= TOLERANCE * least)
        .min(SMALLEST_UNITS)
        .or(() -> all.stream().min(SMALLEST_UNITS))
        .orElseThrow();
  }
}
