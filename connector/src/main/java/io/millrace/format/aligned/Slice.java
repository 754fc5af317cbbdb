// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import io.millrace.format.Shard;
import java.util.Locale;

/**
 * The samples of one shard of a part that belong to an aligned shard. Units of it that reach beyond
 * them are opened whole all the same.
 *
 * @param part number of the part
 * @param shard a shard of the part, or what its format cut out of one
 * @param first the first sample, counted in that shard
 * @param count number of samples, at least 1
 */
record Slice(int part, Shard shard, long first, long count) {

  Slice {
    if (part < 0 || first < 0 || count < 1 || count > shard.samples() - first) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot take %d samples from %d on of the %d of shard %s of part %d",
              count,
              first,
              shard.samples(),
              shard.name(),
              part));
    }
  }

  int firstUnit() {
    return Math.toIntExact(first / shard.samplesPerUnit());
  }

  int lastUnit() {
    return Math.toIntExact((first + count - 1) / shard.samplesPerUnit());
  }

  /** Units that are opened to read it. */
  int units() {
    return lastUnit() - firstUnit() + 1;
  }

  /** Samples in these units, those that do not belong to the slice included. */
  long openedSamples() {
    long end = Math.min(shard.samples(), (lastUnit() + 1) * shard.samplesPerUnit());
    return end - firstUnit() * shard.samplesPerUnit();
  }

  /** Working memory that opening them takes. */
  long unitBytes() {
    return units() * shard.unitBytes();
  }
}
