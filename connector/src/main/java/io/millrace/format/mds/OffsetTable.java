// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import java.util.Locale;

/**
 * The table at the head of an MDS shard or of a split shard's meta file: the number of samples and
 * one more offset than samples, all uint32. Offsets count in the file that holds the samples.
 *
 * @param bytes begin with the table
 * @param samples number of samples that the index says
 * @param source of the table
 */
record OffsetTable(ByteChunks bytes, long samples, Source source) {

  /** Bytes that the table of so many samples takes. */
  static long end(long samples) {
    return Integer.BYTES * (samples + 2);
  }

  long offset(long sample) {
    return bytes.getUnsignedInt(Integer.BYTES * (sample + 1));
  }

  /** Where in the table an offset stands. */
  private static long place(long sample) {
    return Integer.BYTES * (sample + 1);
  }

  /**
   * Checks the number of samples and the outer offsets.
   *
   * @param lowest where the first sample may begin
   * @param highest where the first sample must begin at the latest
   * @param length of the file that holds the samples
   */
  void checkEnds(long lowest, long highest, long length) throws CorruptObjectException {
    if (bytes.length() < end(samples)) {
      throw source.corrupt(
          bytes.length(), "the offsets of " + samples + " samples take " + end(samples) + " bytes");
    }
    long found = bytes.getUnsignedInt(0);
    if (found != samples) {
      throw source.corrupt(0, "it holds " + found + " samples; the index says " + samples);
    }
    if (offset(0) < lowest || offset(0) > highest) {
      throw source.corrupt(
          place(0),
          String.format(
              Locale.ROOT,
              "the first sample begins at %d, outside of %d to %d",
              offset(0),
              lowest,
              highest));
    }
    if (offset(samples) != length) {
      throw source.corrupt(
          place(samples),
          "the last sample ends at " + offset(samples) + "; the file has " + length + " bytes");
    }
  }

  /** Checks that the offsets of some samples, and the one behind them, never go back. */
  void checkOrder(long firstSample, long count, long length) throws CorruptObjectException {
    long before = offset(firstSample);
    for (long i = firstSample + 1; i <= firstSample + count; i++) {
      long offset = offset(i);
      checkStep(i, before, offset, length);
      before = offset;
    }
  }

  /** Checks the offsets where units begin. */
  void checkUnits(long samplesPerUnit, long length) throws CorruptObjectException {
    long before = offset(0);
    for (long i = samplesPerUnit; i < samples; i += samplesPerUnit) {
      long offset = offset(i);
      checkStep(i, before, offset, length);
      before = offset;
    }
  }

  private void checkStep(long sample, long before, long offset, long length)
      throws CorruptObjectException {
    if (offset < before || offset > length) {
      throw source.corrupt(
          place(sample),
          String.format(
              Locale.ROOT,
              "offset %d of the table is %d, outside of %d to %d",
              sample,
              offset,
              before,
              length));
    }
  }
}
