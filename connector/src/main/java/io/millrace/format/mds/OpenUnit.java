// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.storage.ByteChunks;

/**
 * A unit's bytes in memory.
 *
 * @param offsets of the whole shard; checked for this unit
 * @param firstSample the unit's first sample in the shard
 * @param samples number of samples in the unit
 * @param data holds the unit's samples
 * @param base offset in the data file of the first byte of {@code data}
 * @param source of the data
 */
record OpenUnit(
    OffsetTable offsets, long firstSample, int samples, ByteChunks data, long base, Source source) {

  /** Offset of a sample in the data file; of the unit's end for {@code index == samples}. */
  long offset(int index) {
    return offsets.offset(firstSample + index);
  }
}
