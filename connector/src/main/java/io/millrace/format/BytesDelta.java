// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import io.millrace.sample.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How bytes differ from others that resemble them. The number of runs; of each, how many bytes
 * before it stay, how many it takes the place of, how many it has, and these; what follows the last
 * run stays. Where a run is of hexadecimal digits two go into a byte.
 */
final class BytesDelta {

  /** Fewer equal bytes than this do not part two runs. */
  private static final int MIN_KEPT = 4;

  private static final int MIN_DIGITS = 4;
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private BytesDelta() {}

  /**
   * Bytes that take the place of others.
   *
   * @param from where the others begin
   * @param to where they end
   * @param start where the bytes begin
   * @param length how many they are
   */
  private record Run(int from, int to, int start, int length) {}

  /** What makes the second bytes of the first. */
  static byte[] of(Bytes before, Bytes after) {
    PackedOutput out = new PackedOutput();
    byte[] old = before.toByteArray();
    byte[] bytes = after.toByteArray();
    List<Run> runs = runs(old, bytes);
    out.writeUnsigned(runs.size());
    int end = 0;
    for (Run run : runs) {
      out.writeUnsigned(run.from - end);
      out.writeUnsigned(run.to - run.from);
      write(Arrays.copyOfRange(bytes, run.start, run.start + run.length), out);
      end = run.to;
    }
    return out.toByteArray();
  }

  /** Where the numbers of bytes differ, the first run makes up for it. */
  private static List<Run> runs(byte[] old, byte[] bytes) {
    List<Run> runs = new ArrayList<>();
    int shift = bytes.length - old.length;
    int start = Arrays.mismatch(old, bytes);
    if (start < 0) {
      return runs;
    }
    int from = start;
    int to = from + Math.max(0, -shift);
    for (int i = to; i < old.length; i++) {
      if (old[i] != bytes[i + shift]) {
        if (i - to >= MIN_KEPT) {
          runs.add(new Run(from, to, start, to + shift - start));
          from = i;
          start = i + shift;
        }
        to = i + 1;
      }
    }
    runs.add(new Run(from, to, start, to + shift - start));
    return runs;
  }

  private static void write(byte[] run, PackedOutput out) {
    boolean digits = run.length >= MIN_DIGITS;
    for (int i = 0; digits && i < run.length; i++) {
      digits = Arrays.binarySearch(DIGITS, run[i]) >= 0;
    }
    out.writeUnsigned((long) run.length << 1 | (digits ? 1 : 0));
    if (!digits) {
      out.writeRaw(run, 0, run.length);
      return;
    }
    byte[] packed = new byte[(run.length + 1) / 2];
    for (int i = 0; i < run.length; i++) {
      packed[i / 2] |= (byte) (Arrays.binarySearch(DIGITS, run[i]) << (i % 2 * 4));
    }
    out.writeRaw(packed, 0, packed.length);
  }

  /** What was made of the first bytes; these themselves where both are equal. */
  static Bytes read(Bytes before, PackedInput in) {
    int runs = in.readCount();
    if (runs == 0) {
      return before;
    }
    byte[] old = before.toByteArray();
    PackedOutput out = new PackedOutput();
    int end = 0;
    for (int i = 0; i < runs; i++) {
      int kept = (int) in.readUnsigned();
      out.writeRaw(old, end, kept);
      end += kept;
      end += (int) in.readUnsigned();
      byte[] run = readRun(in);
      out.writeRaw(run, 0, run.length);
    }
    out.writeRaw(old, end, old.length - end);
    return Bytes.wrap(out.toByteArray());
  }

  private static byte[] readRun(PackedInput in) {
    long form = in.readUnsigned();
    int length = (int) (form >>> 1);
    if ((form & 1) == 0) {
      return in.readRaw(length);
    }
    byte[] packed = in.readRaw((length + 1) / 2);
    byte[] run = new byte[length];
    for (int i = 0; i < length; i++) {
      run[i] = DIGITS[packed[i / 2] >> (i % 2 * 4) & 0xf];
    }
    return run;
  }
}
