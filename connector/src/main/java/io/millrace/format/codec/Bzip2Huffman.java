// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

import io.millrace.storage.CorruptObjectException;

/** A canonical Huffman code with code words of 1 to 20 bits, as bzip2 describes and uses it. */
final class Bzip2Huffman {

  private static final int LONGEST = 20;

  /** Code words, filled up to 20 bits, below this have at most so many bits. */
  private final int[] limits = new int[LONGEST + 1];

  /** What to add to a code word of so many bits to get its place in the order of symbols. */
  private final int[] bases = new int[LONGEST + 1];

  private final int[] symbols;

  private Bzip2Huffman(int[] lengths) {
    symbols = new int[lengths.length];
    int place = 0;
    int code = 0;
    for (int length = 1; length <= LONGEST; length++) {
      bases[length] = place - code;
      for (int symbol = 0; symbol < lengths.length; symbol++) {
        if (lengths[symbol] == length) {
          symbols[place++] = symbol;
          code++;
        }
      }
      limits[length] = code << (LONGEST - length);
      code <<= 1;
    }
  }

  /** Reads a code's description: the first length, then each length by steps up and down. */
  static Bzip2Huffman read(Bzip2Bits bits, int alphabet) throws CorruptObjectException {
    int[] lengths = new int[alphabet];
    int length = bits.read(5);
    for (int symbol = 0; symbol < alphabet; symbol++) {
      while (bits.read(1) == 1) {
        length += bits.read(1) == 0 ? 1 : -1;
        check(bits, length);
      }
      check(bits, length);
      lengths[symbol] = length;
    }
    return new Bzip2Huffman(lengths);
  }

  private static void check(Bzip2Bits bits, int length) throws CorruptObjectException {
    if (length < 1 || length > LONGEST) {
      throw bits.corrupt("a code word has " + length + " bits");
    }
  }

  /**
   * Reads one symbol. Looks up to 20 bits ahead: more than that always follow the last symbol of a
   * block.
   */
  int decode(Bzip2Bits bits) throws CorruptObjectException {
    int code = (int) bits.peek(LONGEST);
    for (int length = 1; length <= LONGEST; length++) {
      if (code < limits[length]) {
        int place = bases[length] + (code >>> (LONGEST - length));
        // more words than a code has room for are told here, not when it is described
        if (place < 0 || place >= symbols.length) {
          break;
        }
        bits.drop(length);
        return symbols[place];
      }
    }
    throw bits.corrupt("a code word stands for no symbol");
  }
}
