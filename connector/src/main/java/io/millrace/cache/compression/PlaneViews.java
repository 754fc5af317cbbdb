// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.compression;

import java.util.Arrays;

/** Where the planes of numbers lie: in scratch memory, or in a stored form itself. */
final class PlaneViews {

  private static final int MOST = 8;

  private final byte[][] arrays = new byte[MOST][];
  private final int[] offsets = new int[MOST];
  private int width;

  int width() {
    return width;
  }

  void reset(int newWidth) {
    width = newWidth;
  }

  void set(int plane, byte[] array, int offset) {
    arrays[plane] = array;
    offsets[plane] = offset;
  }

  byte[] array(int plane) {
    return arrays[plane];
  }

  int offset(int plane) {
    return offsets[plane];
  }

  /** Lets go of the arrays, which belong to others. */
  @SuppressWarnings("NullAway") // set again before they are read
  void clear() {
    Arrays.fill(arrays, null);
  }
}
