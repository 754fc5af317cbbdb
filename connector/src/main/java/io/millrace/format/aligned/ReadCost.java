// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** What is opened to read all samples once, in working memory. */
final class ReadCost {

  /** Of all units that are opened, by the part's number. */
  private final long[] openedBytes;

  private long largestBytes;

  private ReadCost(int parts) {
    this.openedBytes = new long[parts];
  }

  /** The cost of reading the units of one of the parts and what belongs to them of the others. */
  static ReadCost of(List<IndexedPart> parts, IndexedPart leading) {
    ReadCost cost = new ReadCost(parts.size());
    if (leading.units().total() > 0) {
      for (Iterator<Run> runs = new Runs(parts, leading, 0); runs.hasNext(); ) {
        cost.add(runs.next());
      }
    }
    return cost;
  }

  private void add(Run run) {
    run.slices().forEach(slice -> openedBytes[slice.part()] += slice.unitBytes());
    largestBytes = Math.max(largestBytes, run.unitBytes());
  }

  /** Of all units. */
  long openedBytes() {
    return Arrays.stream(openedBytes).sum();
  }

  /** Of the largest unit. */
  long largestBytes() {
    return largestBytes;
  }

  /** How often each byte of a part is read, on average. */
  double readsOf(IndexedPart part) {
    long once = part.unitBytes();
    return once == 0 ? 1 : (double) openedBytes[part.number()] / once;
  }
}
