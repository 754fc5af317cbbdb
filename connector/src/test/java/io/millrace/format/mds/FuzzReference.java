// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Where the values of a changed shard are, by a reading of its own: so that those whose bytes are
 * what they were, wherever they are now, can be told from the others.
 */
final class FuzzReference {

  private final FuzzShard shard;
  private final byte[] data;
  private final byte[] table;

  /**
   * @param data the changed data file, inflated
   * @param table the changed file with the table of offsets, inflated
   */
  FuzzReference(FuzzShard shard, byte[] data, byte[] table) {
    this.shard = shard;
    this.data = data;
    this.table = table;
  }

  private boolean isInside(int sample) {
    return 12 + 4 * sample <= table.length
        && begin(sample) <= end(sample)
        && end(sample) <= data.length;
  }

  private long begin(int sample) {
    return Integer.toUnsignedLong(FuzzShard.word(table, 4 + 4 * sample));
  }

  private long end(int sample) {
    return begin(sample + 1);
  }

  /** Whether all bytes of a sample are what they were. */
  boolean isSameSample(int sample) {
    return isInside(sample)
        && Arrays.equals(
            data,
            (int) begin(sample),
            (int) end(sample),
            shard.rawData(),
            shard.offset(sample),
            shard.offset(sample + 1));
  }

  /** Whether a sample has the parts that its layout asks for, and nothing beside them. */
  boolean isWhole(int sample) {
    if (!isInside(sample)) {
      return false;
    }
    if (shard.isMds()) {
      long length = end(sample) - begin(sample);
      return length >= shard.header() && valueBegin(sample, shard.columns()) == end(sample);
    }
    String line = line(data, (int) begin(sample), (int) end(sample));
    return line.indexOf(shard.newline()) == line.length() - shard.newline().length()
        && (shard.separator().isEmpty() || values(line).length == shard.encodings().size());
  }

  /** Whether the bytes of a value of a whole sample are what they were. */
  boolean isSameValue(int sample, int column) {
    if (shard.isMds()) {
      return Arrays.equals(
          data,
          (int) valueBegin(sample, column),
          (int) valueBegin(sample, column + 1),
          shard.rawData(),
          shard.begin(sample, column),
          shard.begin(sample, column + 1));
    }
    if (shard.separator().isEmpty()) {
      return isSameSample(sample);
    }
    String before = line(shard.rawData(), shard.offset(sample), shard.offset(sample + 1));
    String after = line(data, (int) begin(sample), (int) end(sample));
    return values(before)[column].equals(values(after)[column]);
  }

  private long valueBegin(int sample, int column) {
    long at = begin(sample) + shard.header();
    for (int i = 0; i < column; i++) {
      int size = shard.sizes().get(i);
      int place = (int) begin(sample) + shard.sizePlace(i);
      at += size == 0 ? Integer.toUnsignedLong(FuzzShard.word(data, place)) : size;
    }
    return at;
  }

  /** One character a byte: what tells lines and values apart is ASCII. */
  private static String line(byte[] bytes, int begin, int end) {
    return new String(bytes, begin, end - begin, StandardCharsets.ISO_8859_1);
  }

  /** The last one with the end of the line. */
  private String[] values(String line) {
    return line.split(Pattern.quote(shard.separator()), -1);
  }
}
