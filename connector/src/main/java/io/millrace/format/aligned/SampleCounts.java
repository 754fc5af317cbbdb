// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Checks that parts have as many samples as each other. */
final class SampleCounts {

  private SampleCounts() {}

  /**
   * Compares each part with the first one.
   *
   * @throws IOException if they differ; it names both counts and the first sample that only one of
   *     them has
   */
  static void check(List<AlignedPart> parts, List<IndexedPart> indexed) throws IOException {
    for (int i = 1; i < indexed.size(); i++) {
      IndexedPart first = indexed.get(0);
      IndexedPart other = indexed.get(i);
      long both = Math.min(first.samples().total(), other.samples().total());
      if (first.samples().total() != other.samples().total()) {
        IndexedPart longer = first.samples().total() > both ? first : other;
        throw new IOException(
            String.format(
                Locale.ROOT,
                "Cannot align %s (%d samples) with %s (%d samples): sample %d of %s, %s, has no counterpart%s",
                parts.get(0).manifest().root(),
                first.samples().total(),
                parts.get(i).manifest().root(),
                other.samples().total(),
                both,
                parts.get(longer.number()).manifest().root(),
                SampleNames.nameOf(longer, both),
                SampleNames.firstGap(first, other, both).map(gap -> "; " + gap).orElse("")));
      }
    }
  }
}
