// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.ByteRange;
import io.millrace.format.ShardObject;
import java.util.ArrayList;
import java.util.List;

/**
 * How a shard is cut into units. What is compressed, or small, is one unit and one extent. Larger
 * raw shards are cut into runs of whole samples of about 4 MiB, so that each can be fetched, cached
 * and shuffled by itself.
 *
 * @param samplesPerUnit samples of every unit but the last
 * @param unitBytes memory that the largest unit takes; an estimate where shards are cut
 */
record UnitCut(long samplesPerUnit, long unitBytes) {

  /** Raw data files up to this size are not cut: half a unit more costs less than another one. */
  static final long WHOLE_BYTES = 6L << 20;

  private static final double UNIT_BYTES = 4 << 20;

  /** Whether a shard is cut. */
  static boolean cuts(ShardDescriptor descriptor, ShardObject data) {
    return descriptor.compression() == null && data.version().length() > WHOLE_BYTES;
  }

  static UnitCut of(ShardDescriptor descriptor, long samples, List<ShardObject> objects) {
    ShardObject data = objects.get(0);
    long stored = objects.stream().mapToLong(object -> object.version().length()).sum();
    if (!cuts(descriptor, data)) {
      long inflated =
          descriptor.data().bytes() + (descriptor.meta() == null ? 0 : descriptor.meta().bytes());
      return new UnitCut(Math.max(1, samples), stored + inflated);
    }
    long table =
        descriptor.layout().isSplit()
            ? objects.get(1).version().length()
            : OffsetTable.end(samples);
    long sampleBytes = stored - table;
    long samplesPerUnit = Math.max(1, Math.round(UNIT_BYTES * samples / Math.max(1, sampleBytes)));
    samplesPerUnit = Math.min(samplesPerUnit, Math.max(1, samples));
    long units = Math.max(1, (samples + samplesPerUnit - 1) / samplesPerUnit);
    return new UnitCut(samplesPerUnit, table + (sampleBytes + units - 1) / units);
  }

  /**
   * The ranges of the data file that units lie in; the first one also has what lies before the
   * first sample.
   *
   * @param begin where the first unit's range begins
   */
  static List<ByteRange> ranges(OffsetTable offsets, long samplesPerUnit, long begin, long length) {
    List<ByteRange> ranges = new ArrayList<>();
    long from = begin;
    for (long i = samplesPerUnit; i < offsets.samples(); i += samplesPerUnit) {
      long to = offsets.offset(i);
      ranges.add(new ByteRange(from, to - from));
      from = to;
    }
    ranges.add(new ByteRange(from, length - from));
    return ranges;
  }
}
