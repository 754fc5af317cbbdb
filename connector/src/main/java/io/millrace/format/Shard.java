// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import io.millrace.sample.Bytes;
import java.util.List;

/**
 * One shard: an object of storage (with its side files, if its format has them) or a group of small
 * ones. It is cut into units; a unit is what is ordered, assigned and shuffled.
 *
 * @param index place in the dataset's list of shards
 * @param name the shard's name for people and for the metadata column {@code shard}: its path below
 *     the root
 * @param cut its samples and units
 * @param objects what it is stored in, at least one; the first one holds the samples, unless each
 *     is a sample
 * @param descriptor what the format needs to read it, in a form private to the format
 */
public record Shard(
    int index, String name, ShardCut cut, List<ShardObject> objects, Bytes descriptor) {

  public Shard {
    objects = List.copyOf(objects);
    if (index < 0 || objects.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot make shard " + index + ", " + name + ", of " + objects.size() + " objects");
    }
  }

  /** Number of samples, 0 allowed. */
  public long samples() {
    return cut.samples();
  }

  /** Samples of every unit but the last. */
  public long samplesPerUnit() {
    return cut.samplesPerUnit();
  }

  /** Working memory that reading its largest unit takes, in bytes. */
  public long unitBytes() {
    return cut.unitBytes();
  }

  /** Number of units, 0 when there is no sample. */
  public int units() {
    return Math.toIntExact((samples() + samplesPerUnit() - 1) / samplesPerUnit());
  }

  /** Index in the shard of a unit's first sample. */
  public long firstSample(int unit) {
    return unit * samplesPerUnit();
  }

  /** Number of samples in a unit. */
  public int samplesIn(int unit) {
    return Math.toIntExact(Math.min(samplesPerUnit(), samples() - firstSample(unit)));
  }

  /** The same shard at another place in a list. */
  public Shard numbered(int place) {
    return new Shard(place, name, cut, objects, descriptor);
  }

  /** Bytes at the origin. */
  public long storedBytes() {
    return objects.stream().mapToLong(object -> object.version().length()).sum();
  }
}
