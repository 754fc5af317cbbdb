// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import io.millrace.format.Shard;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Goes through the samples in runs, each of which is a unit of the leading part. */
final class Runs implements Iterator<Run> {

  private final Iterator<Shard> shards;
  private final List<PartWalk> walks = new ArrayList<>();
  private Shard shard;
  private int unit;
  private long left;

  /**
   * @param parts all, with equal numbers of samples
   * @param leading one of them
   * @param from number of the first run; there must be one
   */
  Runs(List<IndexedPart> parts, IndexedPart leading, long from) {
    int first = leading.units().holding(from);
    this.shards = leading.shards().iteratorFrom(first);
    this.shard = shards.next();
    this.unit = Math.toIntExact(from - leading.units().of(first));
    this.left = leading.units().total() - from;
    long sample = leading.samples().of(first) + shard.firstSample(unit);
    walks.add(new PartWalk(leading, sample));
    for (IndexedPart part : parts) {
      if (part.number() != leading.number()) {
        walks.add(new PartWalk(part, sample));
      }
    }
  }

  @Override
  public boolean hasNext() {
    return left > 0;
  }

  @Override
  public Run next() {
    if (left == 0) {
      throw new NoSuchElementException("There is no further run");
    }
    while (unit == shard.units()) {
      shard = shards.next();
      unit = 0;
    }
    int samples = shard.samplesIn(unit);
    List<Slice> slices = new ArrayList<>(walks.size());
    walks.forEach(walk -> slices.addAll(walk.take(samples)));
    long first = shard.cut().first() + shard.firstSample(unit);
    unit++;
    left--;
    return new Run(shard.name(), first, samples, slices);
  }
}
