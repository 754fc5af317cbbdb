// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import java.util.Iterator;
import java.util.List;

/** What is opened to read all samples once. */
final class ReadCost {

  /** Samples in all units that are opened, by the part's number. */
  private final long[] openedSamples;

  private long openedBytes;
  private long largestBytes;

  private ReadCost(int parts) {
    this.openedSamples = new long[parts];
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
    run.slices().forEach(slice -> openedSamples[slice.part()] += slice.openedSamples());
    openedBytes += run.unitBytes();
    largestBytes = Math.max(largestBytes, run.unitBytes());
  }

  /** Working memory of all units together. */
  long openedBytes() {
    return openedBytes;
  }

  /** Working memory of the largest unit. */
  long largestBytes() {
    return largestBytes;
  }

  /** How often a sample of a part lies in a unit that is opened, on average. */
  double readsOf(IndexedPart part) {
    long samples = part.samples().total();
    return samples == 0 ? 1 : (double) openedSamples[part.number()] / samples;
  }
}
