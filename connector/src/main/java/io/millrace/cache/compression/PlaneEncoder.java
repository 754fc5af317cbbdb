// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.compression;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.util.Arrays;

/**
 * Codes an array of numbers as planes: the lowest bytes of all, then the next ones, and so on. Sign
 * and exponent then stand together and compress well; of mantissas little is to be gained, and what
 * zstd cannot make smaller is stored as it is, which costs next to nothing when it is read.
 *
 * <p>The part's bytes are: flags with the numbers' width and phase; the bytes before the first
 * number and those after the last one; where many numbers are zero a map with a bit for each number
 * (a stream), set where it is not zero, and of the others only; then each plane, the lowest first
 * (a stream each). A stream is one byte that says how it is coded, and {@link
 * StoredFormat#CONSTANT}: the value; {@link StoredFormat#PLAIN}: the bytes; {@link
 * StoredFormat#FRAME}: the length of a zstd frame, a varint of three bytes, and the frame. How long
 * a plane is follows from the numbers' count.
 */
final class PlaneEncoder {

  /** The smallest share of zeros that a map of them is made for. */
  private static final int ZEROS_AT_LEAST = 16;

  private static final int LENGTH_BYTES = 3;

  /** More than flags and the streams' own take together. */
  private static final int HEADERS = 64;

  private static final int LOW_LEVEL = 1;
  private static final int TRIED_EVERY = 8;

  /** Streams are numbered as their planes, and this. */
  private static final int MAP = 8;

  private final ZstdCompressCtx context;
  private final Scratch planes = new Scratch();
  private final Scratch dense = new Scratch();
  private final Scratch map = new Scratch();
  private final int[] level = new int[MAP + 1];
  private byte[] coded = {};
  private byte[] other = {};
  private int parts;
  private int length;

  PlaneEncoder(ZstdCompressCtx context) {
    this.context = context;
  }

  /** Begins with another extent: what was learned of the last one is forgotten. */
  void reset() {
    Arrays.fill(level, 0);
    parts = -1;
  }

  /** Codes a part of at most a chunk; returns how many bytes {@link #coded} has then. */
  int encode(Layout layout, byte[] array, int offset, int partLength) {
    int width = layout.width();
    int phase = layout.phase();
    int count = (partLength - phase) / width;
    int first = offset + phase;
    int end = first + count * width;
    int most = partLength + (int) Zstd.compressBound(partLength) + HEADERS;
    if (coded.length < most) {
      coded = new byte[most];
    }
    length = 0;
    parts++;
    boolean sparse = Planes.countZeros(width, array, first, count) * ZEROS_AT_LEAST >= count;
    coded[length++] =
        (byte)
            (Integer.numberOfTrailingZeros(width)
                | (layout.rotated() ? StoredFormat.ROTATED : 0)
                | (sparse ? StoredFormat.SPARSE : 0)
                | phase << StoredFormat.PHASE_SHIFT);
    append(array, offset, phase);
    append(array, end, offset + partLength - end);
    byte[] numbers = array;
    int at = first;
    int kept = count;
    if (sparse) {
      int mapBytes = Planes.mapBytes(count);
      byte[] bits = map.atLeast(mapBytes);
      numbers = dense.atLeast(count * width + width);
      at = 0;
      Planes.squeeze(width, array, first, count, bits, numbers);
      kept = Planes.countBits(bits, mapBytes);
      appendStream(MAP, bits, 0, mapBytes);
    }
    byte[] apart = planes.atLeast(width * kept);
    Planes.split(width, layout.rotated(), numbers, at, kept, apart);
    for (int plane = 0; plane < width; plane++) {
      appendStream(plane, apart, plane * kept, kept);
    }
    return length;
  }

  /** What was coded last. */
  byte[] coded() {
    return coded;
  }

  private void append(byte[] bytes, int offset, int count) {
    System.arraycopy(bytes, offset, coded, length, count);
    length += count;
  }

  private void appendStream(int stream, byte[] bytes, int offset, int count) {
    if (isConstant(bytes, offset, count)) {
      coded[length++] = StoredFormat.CONSTANT;
      coded[length++] = count == 0 ? 0 : bytes[offset];
      return;
    }
    int header = length;
    int frame = header + 1 + LENGTH_BYTES;
    int stored = compress(stream, bytes, offset, count, frame);
    if (stored + LENGTH_BYTES >= count - count / 64) {
      coded[length++] = StoredFormat.PLAIN;
      append(bytes, offset, count);
      return;
    }
    coded[header] = StoredFormat.FRAME;
    coded[header + 1] = (byte) ((stored & 0x7f) | 0x80);
    coded[header + 2] = (byte) (((stored >> 7) & 0x7f) | 0x80);
    coded[header + 3] = (byte) (stored >> 14);
    length = frame + stored;
  }

  /**
   * Writes a frame behind what is coded. Matches are worth looking for in some planes, as of what
   * repeats, and cost more than they save in others, as of exponents: a lower level, which finds
   * fewer, is tried beside the usual one, in every eighth part of an extent.
   */
  private int compress(int stream, byte[] bytes, int offset, int count, int frame) {
    if (level[stream] != 0 && parts % TRIED_EVERY != 0) {
      return compress(level[stream], bytes, offset, count, frame, coded);
    }
    if (other.length < coded.length) {
      other = new byte[coded.length];
    }
    int low = compress(LOW_LEVEL, bytes, offset, count, frame, coded);
    int usual = compress(StoredFormat.ZSTD_LEVEL, bytes, offset, count, frame, other);
    level[stream] = usual < low ? StoredFormat.ZSTD_LEVEL : LOW_LEVEL;
    if (usual < low) {
      System.arraycopy(other, frame, coded, frame, usual);
    }
    return Math.min(low, usual);
  }

  private int compress(
      int zstdLevel, byte[] bytes, int offset, int count, int frame, byte[] target) {
    context.setLevel(zstdLevel);
    return context.compressByteArray(target, frame, target.length - frame, bytes, offset, count);
  }

  private static boolean isConstant(byte[] bytes, int offset, int count) {
    for (int i = 1; i < count; i++) {
      if (bytes[offset + i] != bytes[offset]) {
        return false;
      }
    }
    return true;
  }
}
