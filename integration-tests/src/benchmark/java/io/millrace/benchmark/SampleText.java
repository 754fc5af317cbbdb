// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * Fills samples with words that are drawn as often as words of a language are: the n-th most
 * frequent one with a probability proportional to 1/n. Zstandard makes a half to a third of it, as
 * of real text; random bytes would not be decompressed but copied.
 */
final class SampleText {

  private static final int WORDS = 16_384;
  private static final int SLOT_BITS = 16;
  private static final String LETTERS = "eeeeeetttttaaaaooooiiinnnnssshhhrrrddllcumwfgypbvk";

  private final byte[][] wordBySlot = new byte[1 << SLOT_BITS][];
  private final SplittableRandom random;

  SampleText(long seed) {
    random = new SplittableRandom(seed);
    byte[][] words = new byte[WORDS][];
    double harmonic = 0;
    for (int i = 0; i < WORDS; i++) {
      words[i] = newWord();
      harmonic += 1.0 / (i + 1);
    }
    int word = 0;
    double reached = 1;
    for (int slot = 0; slot < wordBySlot.length; slot++) {
      wordBySlot[slot] = words[word];
      while (word < WORDS - 1 && reached / harmonic * wordBySlot.length <= slot + 1) {
        word++;
        reached += 1.0 / (word + 1);
      }
    }
  }

  private byte[] newWord() {
    int length = 2 + random.nextInt(4) + random.nextInt(4);
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return word.append(' ').toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** Fills the whole array with the text that comes next. */
  void fill(byte[] target) {
    int position = 0;
    while (position < target.length) {
      long bits = random.nextLong();
      for (int i = 0; i < Long.SIZE / SLOT_BITS && position < target.length; i++) {
        byte[] word = wordBySlot[(int) (bits & (wordBySlot.length - 1))];
        bits >>>= SLOT_BITS;
        int length = Math.min(word.length, target.length - position);
        System.arraycopy(word, 0, target, position, length);
        position += length;
      }
    }
  }
}
