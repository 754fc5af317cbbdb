// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

/** Which files are samples, told by their names. */
final class SampleNames {

  private static final String RAW = ".pt";
  private static final String ZSTD = ".zst";

  private SampleNames() {}

  /** Whether a file of this name is a sample; hidden ones are not. */
  static boolean isSample(String name) {
    return !isHidden(name) && sampleOf(name).endsWith(RAW);
  }

  /** Whether a file or a directory of this name is left out. */
  static boolean isHidden(String name) {
    return name.startsWith(".");
  }

  /** Whether a sample's file is zstd-compressed. */
  static boolean isCompressed(String path) {
    return path.endsWith(ZSTD);
  }

  /** The path or name that a sample's file has when it is not compressed. */
  static String sampleOf(String path) {
    return isCompressed(path) ? path.substring(0, path.length() - ZSTD.length()) : path;
  }
}
