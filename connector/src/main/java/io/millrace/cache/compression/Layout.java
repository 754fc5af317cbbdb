// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.compression;

/**
 * How bytes are best looked at.
 *
 * @param width bytes of a number; 1 where regrouping gains nothing
 * @param phase bytes before the first number, less than the width
 * @param rotated whether the sign is better off at the lowest bit
 * @param noise whether not even single bytes are more frequent than others: already compressed
 */
record Layout(int width, int phase, boolean rotated, boolean noise) {

  static final Layout BYTES = new Layout(1, 0, false, false);
  static final Layout NOISE = new Layout(1, 0, false, true);

  boolean isNumbers() {
    return width > 1;
  }
}
