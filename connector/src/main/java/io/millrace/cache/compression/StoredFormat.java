// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.compression;

/**
 * The layout of a stored form: a version byte, the number of bytes that it stands for, and the
 * codings of consecutive parts of them until all are there. Numbers are varints, seven bits a byte,
 * lowest first, unless said otherwise. A part is
 *
 * <ul>
 *   <li>{@link #RAW}, its length, and the bytes themselves;
 *   <li>{@link #ZSTD}, its length, and a zstd frame of it; the part may have any length, so that
 *       zstd looks back as far as it would without this format;
 *   <li>{@link #PLANES}, its length, and a regrouped array of numbers, which lies within one chunk
 *       of the bytes: see {@link PlaneEncoder}.
 * </ul>
 */
final class StoredFormat {

  static final int VERSION = 1;

  static final int RAW = 0;
  static final int ZSTD = 1;
  static final int PLANES = 2;

  /** Streams of {@link #PLANES}: one value throughout, as they are, or a zstd frame. */
  static final int CONSTANT = 0;

  static final int PLAIN = 1;
  static final int FRAME = 2;

  /** Flags of {@link #PLANES}: the width's logarithm, and what was done to the numbers. */
  static final int WIDTH_MASK = 3;

  static final int ROTATED = 4;
  static final int SPARSE = 8;
  static final int PHASE_SHIFT = 4;

  /** The level that is meant by "zstd" everywhere. */
  static final int ZSTD_LEVEL = 3;

  /** Windows of frames: level 3 looks back 2 MiB. */
  static final int MAX_WINDOW_LOG = 21;

  /** Less is not worth the calls. */
  static final int LEAST_LENGTH = 1024;

  private StoredFormat() {}
}
