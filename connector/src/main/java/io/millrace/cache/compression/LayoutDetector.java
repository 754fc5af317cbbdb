// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.compression;

import java.util.Arrays;

/**
 * Guesses from a sample how bytes are best regrouped: by the entropy of single bytes, taken apart
 * by their place in numbers of 2, 4 and 8 bytes. What repeats at a distance it does not see: a
 * guess is tried before it is used.
 *
 * <p>Entropies of small samples come out too low, the more so the more symbols there are for the
 * sample; what is missing on average is added (Miller, "Note on the bias of information estimates",
 * 1955).
 */
final class LayoutDetector {

  /** Sampled of each stretch of bytes, in pieces that are spread over it. */
  private static final int SAMPLE = 4096;

  private static final int PIECES = 8;
  private static final int PIECE = SAMPLE / PIECES;

  /** Bits a byte that regrouping must gain by the guess. */
  private static final double LEAST_GAIN = 0.1;

  /** Bits a byte by which a wider number must be better: its sample is smaller. */
  private static final double WIDER_GAIN = 0.15;

  /** Bits a byte above which nothing is to be gained. */
  private static final double NOISE_BITS = 7.9;

  /** What is below has one value throughout, or nearly so. */
  private static final double CONSTANT_BITS = 0.01;

  private static final double LN_2 = Math.log(2);

  /** n log₂ n. */
  private static final double[] N_LOG_N = new double[SAMPLE + 1];

  static {
    for (int n = 1; n <= SAMPLE; n++) {
      N_LOG_N[n] = n * Math.log(n) / LN_2;
    }
  }

  /** Counts of byte values at each of the eight places that the sample's offsets have modulo 8. */
  private final int[] counts = new int[8 * 256];

  private final int[] merged = new int[8 * 256];
  private final double[] entropies = new double[8];

  /** The width alone, or that it is noise; much cheaper than all. */
  Layout guessWidth(byte[] array, int offset, int length) {
    count(array, offset, length);
    double single = bits(1);
    if (single > NOISE_BITS) {
      return Layout.NOISE;
    }
    int width = 1;
    double best = single - LEAST_GAIN;
    for (int candidate = 2; candidate <= 8; candidate *= 2) {
      double bits = bits(candidate);
      if (bits < best) {
        width = candidate;
        best = bits - WIDER_GAIN;
      }
    }
    return width > 1 ? new Layout(width, 0, false, false) : Layout.BYTES;
  }

  /** Where numbers of a known width begin, and whether rotating them gains. */
  Layout guessPhase(byte[] array, int offset, int length, int width) {
    count(array, offset, length);
    double plain = bits(width);
    int top = width - 1;
    for (int place = 0; place < width; place++) {
      // Of an integer's high bytes there may be nothing to see; of a float's the exponent stands
      // out.
      if (entropies[place] > CONSTANT_BITS
          && (entropies[top] <= CONSTANT_BITS || entropies[place] < entropies[top] - LEAST_GAIN)) {
        top = place;
      }
    }
    int phase = (top + 1) % width;
    if (length < phase + width) {
      return new Layout(width, 0, false, false);
    }
    countRotated(array, offset, length, width, phase);
    return entropy(width) < plain - LEAST_GAIN / 10
        ? new Layout(width, phase, true, false)
        : new Layout(width, 0, false, false);
  }

  private void count(byte[] array, int offset, int length) {
    Arrays.fill(counts, 0);
    int stride = stride(length);
    int piece = Math.min(PIECE, stride);
    for (int at = 0; at + piece <= length && at < PIECES * stride; at += stride) {
      int end = offset + at + piece;
      for (int i = offset + at; i < end; i += 8) {
        counts[array[i] & 0xff]++;
        counts[256 + (array[i + 1] & 0xff)]++;
        counts[512 + (array[i + 2] & 0xff)]++;
        counts[768 + (array[i + 3] & 0xff)]++;
        counts[1024 + (array[i + 4] & 0xff)]++;
        counts[1280 + (array[i + 5] & 0xff)]++;
        counts[1536 + (array[i + 6] & 0xff)]++;
        counts[1792 + (array[i + 7] & 0xff)]++;
      }
    }
  }

  /** From one piece to the next; they have no gap between them where there are few bytes. */
  private static int stride(int length) {
    return Math.max(8, length / PIECES & ~7);
  }

  /** Bits a byte when numbers of this width are taken apart; leaves each plane's. */
  private double bits(int width) {
    for (int place = 0; place < width; place++) {
      for (int value = 0; value < 256; value++) {
        int sum = 0;
        for (int from = place; from < 8; from += width) {
          sum += counts[from * 256 + value];
        }
        merged[place * 256 + value] = sum;
      }
    }
    return entropy(width);
  }

  private void countRotated(byte[] array, int offset, int length, int width, int phase) {
    Arrays.fill(merged, 0);
    int stride = stride(length);
    int piece = Math.min(PIECE, stride);
    for (int at = 0; at + piece <= length && at < PIECES * stride; at += stride) {
      int end = Math.min(at + piece, length - width + 1);
      for (int i = at + phase; i < end; i += width) {
        long number = Planes.number(array, offset + i, width, true);
        for (int place = 0; place < width; place++) {
          merged[place * 256 + (int) ((number >>> (8 * place)) & 0xff)]++;
        }
      }
    }
  }

  /** Of what is counted in {@link #merged}. */
  private double entropy(int width) {
    double sum = 0;
    for (int place = 0; place < width; place++) {
      entropies[place] = entropyAt(place);
      sum += entropies[place];
    }
    return sum / width;
  }

  private double entropyAt(int place) {
    int total = 0;
    int symbols = 0;
    double used = 0;
    for (int i = place * 256; i < place * 256 + 256; i++) {
      int n = merged[i];
      total += n;
      symbols += n > 0 ? 1 : 0;
      used += N_LOG_N[n];
    }
    if (total == 0) {
      return 0;
    }
    double bits = (N_LOG_N[total] - used) / total + (symbols - 1) / (2 * LN_2 * total);
    return Math.min(8, bits);
  }
}
