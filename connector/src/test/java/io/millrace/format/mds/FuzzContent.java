// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.fuzz.FuzzBytes;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Changes what a shard holds by its fields: counts, offsets, sizes, shapes, values. */
final class FuzzContent {

  /** The files of a shard, not compressed. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Files(byte[] data, byte @Nullable [] meta) {}

  private static final String LETTERS = "{}[]\",:.+-eE0123456789\\uNI ax\n\r|\0\u00ff";

  private final SplittableRandom random;
  private final StringBuilder what;
  private final FuzzShard shard;

  FuzzContent(SplittableRandom random, StringBuilder what, FuzzShard shard) {
    this.random = random;
    this.what = what;
    this.shard = shard;
  }

  Files mutate() {
    if (shard.samples() == 0 || random.nextInt(6) == 0) {
      return generic();
    }
    if (random.nextInt(4) == 0) {
      byte[] table = shard.table().clone();
      changeTable(table);
      return shard.rawMeta() == null ? new Files(table, null) : new Files(shard.rawData(), table);
    }
    return shard.isMds() ? sample() : line();
  }

  private Files generic() {
    FuzzBytes bytes = new FuzzBytes(random, what);
    byte[] meta = shard.rawMeta();
    if (meta != null && random.nextBoolean()) {
      return new Files(shard.rawData(), bytes.mutate(meta, shard.rawData()));
    }
    return new Files(bytes.mutate(shard.rawData(), shard.table()), meta);
  }

  /** The number of samples or one or two offsets. */
  private void changeTable(byte[] table) {
    int words = shard.samples() + 2;
    int times = 1 + random.nextInt(2);
    for (int i = 0; i < times; i++) {
      int word = random.nextInt(words);
      int before = FuzzShard.word(table, 4 * word);
      int neighbour = FuzzShard.word(table, 4 * Math.max(0, word - 1));
      long value =
          switch (random.nextInt(8)) {
            case 0 -> before + 1L;
            case 1 -> before - 1L;
            case 2 -> neighbour;
            case 3 -> before + random.nextLong(-64, 65);
            case 4 -> shard.rawData().length;
            case 5 -> 0;
            case 6 -> random.nextLong(shard.rawData().length + 1L);
            default -> 0xffffffffL;
          };
      say("word " + word + " of the table from " + before + " to " + value);
      FuzzShard.putWord(table, 4 * word, value);
    }
  }

  private Files sample() {
    int sample = random.nextInt(shard.samples());
    int column = column();
    int begin = shard.begin(sample, column);
    int length = shard.begin(sample, column + 1) - begin;
    String where = "sample " + sample + " column " + column + ": ";
    byte[] data = shard.rawData().clone();
    switch (random.nextInt(7)) {
      case 0 -> changeSize(data, sample, column);
      case 1 -> moveSize(data, sample, column);
      case 2 -> putByte(data, begin, Math.min(length, 14), (byte) random.nextInt(256), where);
      case 3 -> putByte(data, begin, length, letter(), where);
      case 4 -> {
        byte[] value = Arrays.copyOfRange(data, begin, begin + length);
        say(where);
        return rewrite(sample, column, new FuzzBytes(random, what).mutate(value, data));
      }
      default -> {
        byte[] value = FuzzHostile.value(random, shard.encodings().get(column));
        say(where + "hostile value " + shown(value));
        return rewrite(sample, column, value);
      }
    }
    return new Files(data, null);
  }

  /** Mostly one whose values are not just as many bytes, whatever they are. */
  private int column() {
    int column = random.nextInt(shard.columns());
    for (int i = 0; i < 3 && shard.sizes().get(column) != 0; i++) {
      column = random.nextInt(shard.columns());
    }
    return column;
  }

  private static String shown(byte[] value) {
    return HexFormat.of().formatHex(value, 0, Math.min(value.length, 40)) + " of " + value.length;
  }

  private byte letter() {
    return (byte) LETTERS.charAt(random.nextInt(LETTERS.length()));
  }

  private void putByte(byte[] data, int begin, int length, byte value, String where) {
    if (length > 0) {
      int at = random.nextInt(length);
      say(where + "byte " + at + " from " + data[begin + at] + " to " + value);
      data[begin + at] = value;
    }
  }

  /** One column's size. */
  private void changeSize(byte[] data, int sample, int column) {
    if (shard.sizes().get(column) == 0) {
      int at = shard.offset(sample) + shard.sizePlace(column);
      long before = FuzzShard.word(data, at);
      long[] values = {before + 1, before - 1, 0, 1, -1, 0x7fffffff, 0x80000000L, data.length};
      long value = values[random.nextInt(values.length)];
      say("size of sample " + sample + " column " + column + " from " + before + " to " + value);
      FuzzShard.putWord(data, at, value);
    }
  }

  /** Two columns' sizes, with the same sum as before. */
  private void moveSize(byte[] data, int sample, int column) {
    int other = random.nextInt(shard.columns());
    if (other != column && shard.sizes().get(column) == 0 && shard.sizes().get(other) == 0) {
      int from = shard.offset(sample) + shard.sizePlace(column);
      int to = shard.offset(sample) + shard.sizePlace(other);
      int count = 1 + random.nextInt(9);
      say(
          "move "
              + count
              + " bytes of sample "
              + sample
              + " from column "
              + column
              + " to "
              + other);
      FuzzShard.putWord(data, from, FuzzShard.word(data, from) - count);
      FuzzShard.putWord(data, to, FuzzShard.word(data, to) + count);
    }
  }

  /** Another value, with sizes and offsets that fit it. */
  private Files rewrite(int sample, int column, byte[] value) {
    int begin = shard.begin(sample, column);
    int length = shard.begin(sample, column + 1) - begin;
    byte[] data = replaced(shard.rawData(), begin, length, value);
    if (shard.sizes().get(column) == 0) {
      FuzzShard.putWord(data, shard.offset(sample) + shard.sizePlace(column), value.length);
    }
    moveOffsets(data, sample, value.length - length);
    return new Files(data, null);
  }

  private void moveOffsets(byte[] table, int sample, int difference) {
    for (int i = sample + 1; i <= shard.samples(); i++) {
      FuzzShard.putWord(table, 4 + 4 * i, shard.offset(i) + difference);
    }
  }

  private static byte[] replaced(byte[] bytes, int begin, int length, byte[] by) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, begin);
    out.writeBytes(by);
    out.write(bytes, begin + length, bytes.length - begin - length);
    return out.toByteArray();
  }

  /** A line of a text shard: a letter, or a part of it with offsets that fit. */
  private Files line() {
    int sample = random.nextInt(shard.samples());
    int begin = shard.offset(sample);
    int length = shard.offset(sample + 1) - begin;
    String where = "line " + sample + ": ";
    if (random.nextBoolean()) {
      byte[] data = shard.rawData().clone();
      putByte(data, begin, length, letter(), where);
      return new Files(data, shard.rawMeta());
    }
    int at = random.nextInt(length);
    int gone = random.nextInt(Math.min(20, length - at) + 1);
    byte[] value = FuzzHostile.value(random, random.nextBoolean() ? "json" : "float");
    say(where + "hostile value " + shown(value) + " for " + gone + " bytes at " + at);
    byte[] meta = shard.table().clone();
    moveOffsets(meta, sample, value.length - gone);
    return new Files(replaced(shard.rawData(), begin + at, gone, value), meta);
  }

  private void say(String text) {
    what.append(what.isEmpty() ? "" : ", ").append(text);
  }
}
