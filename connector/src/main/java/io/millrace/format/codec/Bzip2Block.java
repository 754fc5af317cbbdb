// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

import io.millrace.storage.CorruptObjectException;
import java.util.Arrays;

/**
 * Decodes one bzip2 block after the other: Huffman codes, move-to-front, inverse Burrows-Wheeler
 * transform. Keeps its tables, 3.6 MB, from block to block.
 */
final class Bzip2Block {

  private static final int LARGEST = 900_000;
  private static final int GROUP = 50;
  private static final int MOST_GROUPS = LARGEST / GROUP + 2;
  private static final int RUN_A = 0;
  private static final int RUN_B = 1;

  /**
   * In the low byte a byte of the block; above it, once transformed, the place of the byte that
   * follows.
   */
  private final int[] table = new int[LARGEST];

  private final byte[] selectors = new byte[MOST_GROUPS];
  private final int[] counts = new int[257];
  private int size;
  private int place;

  /**
   * Reads a block from after its checksum on.
   *
   * @param limit most bytes that it may have
   */
  void read(Bzip2Bits bits, int limit) throws CorruptObjectException {
    if (bits.read(1) == 1) {
      throw bits.corrupt("its blocks are randomised, as no encoder has done since 1998");
    }
    int origin = bits.read(24);
    byte[] alphabet = readAlphabet(bits);
    int codes = bits.read(3);
    if (codes < 2 || codes > 6) {
      throw bits.corrupt("a block has " + codes + " Huffman codes");
    }
    int groups = readSelectors(bits, codes);
    Bzip2Huffman[] huffman = new Bzip2Huffman[codes];
    for (int i = 0; i < codes; i++) {
      huffman[i] = Bzip2Huffman.read(bits, alphabet.length + 2);
    }
    readBytes(bits, huffman, groups, alphabet, limit);
    if (origin >= size) {
      throw bits.corrupt("a block of " + size + " bytes begins at its byte " + origin);
    }
    transform(origin);
  }

  /** Bytes in the block, before runs are unrolled. */
  int size() {
    return size;
  }

  /** The next byte, 0 … 255; to be called {@link #size()} times. */
  int next() {
    int entry = table[place];
    place = entry >>> 8;
    return entry & 0xff;
  }

  /** The bytes that occur, in order: a bit for each run of 16 with any, then a bit for each. */
  private static byte[] readAlphabet(Bzip2Bits bits) throws CorruptObjectException {
    byte[] alphabet = new byte[256];
    int count = 0;
    int runs = bits.read(16);
    for (int run = 0; run < 16; run++) {
      int used = (runs & 0x8000 >>> run) == 0 ? 0 : bits.read(16);
      for (int i = 0; i < 16; i++) {
        if ((used & 0x8000 >>> i) != 0) {
          alphabet[count++] = (byte) (16 * run + i);
        }
      }
    }
    if (count == 0) {
      throw bits.corrupt("a block uses no byte");
    }
    return Arrays.copyOf(alphabet, count);
  }

  /** Which code each group of 50 symbols has, moved to front and in unary. */
  private int readSelectors(Bzip2Bits bits, int codes) throws CorruptObjectException {
    int groups = bits.read(15);
    byte[] order = {0, 1, 2, 3, 4, 5};
    for (int group = 0; group < groups; group++) {
      int rank = 0;
      while (bits.read(1) == 1) {
        rank++;
        if (rank == codes) {
          throw bits.corrupt("a group of symbols names a code beyond the last");
        }
      }
      byte code = moveToFront(order, rank);
      // no block needs more groups than this, but encoders may list more
      if (group < MOST_GROUPS) {
        selectors[group] = code;
      }
    }
    return Math.min(groups, MOST_GROUPS);
  }

  private static byte moveToFront(byte[] order, int rank) {
    byte value = order[rank];
    System.arraycopy(order, 0, order, 1, rank);
    order[0] = value;
    return value;
  }

  private void readBytes(
      Bzip2Bits bits, Bzip2Huffman[] huffman, int groups, byte[] order, int limit)
      throws CorruptObjectException {
    int end = order.length + 1;
    size = 0;
    int run = 0;
    int runUnit = 1;
    for (int group = 0; group < groups; group++) {
      Bzip2Huffman code = huffman[selectors[group]];
      for (int i = 0; i < GROUP; i++) {
        int symbol = code.decode(bits);
        if (symbol <= RUN_B) {
          // a run's length in bijective base 2, the lowest digit first
          run += (symbol == RUN_A ? 1 : 2) * runUnit;
          runUnit <<= 1;
          checkRoom(bits, run, limit);
        } else {
          append(order[0], run);
          run = 0;
          runUnit = 1;
          if (symbol == end) {
            return;
          }
          checkRoom(bits, 1, limit);
          append(moveToFront(order, symbol - 1), 1);
        }
      }
    }
    throw bits.corrupt("a block has no end among its " + groups + " groups of symbols");
  }

  private void checkRoom(Bzip2Bits bits, int more, int limit) throws CorruptObjectException {
    if (more > limit - size) {
      throw bits.corrupt("a block has more than " + limit + " bytes");
    }
  }

  private void append(byte value, int times) {
    Arrays.fill(table, size, size + times, value & 0xff);
    size += times;
  }

  /** Links every byte to the one that follows it in the text. */
  private void transform(int origin) {
    Arrays.fill(counts, 0);
    for (int i = 0; i < size; i++) {
      counts[table[i] + 1]++;
    }
    for (int value = 0; value < 256; value++) {
      counts[value + 1] += counts[value];
    }
    for (int i = 0; i < size; i++) {
      // the high bits of an entry that is still to be visited are set here, so mask them
      table[counts[table[i] & 0xff]++] |= i << 8;
    }
    place = table[origin] >>> 8;
  }
}
