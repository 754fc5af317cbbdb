// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The compressions of whole objects, under the names that MosaicML Streaming gives them (format
 * page MDS, section 5). A name is also the suffix of a compressed file.
 */
public enum Compression {
  /** Zstandard frames, RFC 8878. */
  ZSTD("zstd", 1, 22, 3),
  /** Gzip members, RFC 1952. */
  GZIP("gz", 0, 9, 9),
  /** Brotli, RFC 7932. */
  BROTLI("br", 0, 11, 11),
  /** Bzip2 streams. */
  BZIP2("bz2", 1, 9, 9),
  /** A raw snappy block with its length in front, not the framing format. Has no levels. */
  SNAPPY("snappy", 0, 0, 0);

  private final String mdsName;
  private final int lowestLevel;
  private final int highestLevel;
  private final int defaultLevel;

  Compression(String mdsName, int lowestLevel, int highestLevel, int defaultLevel) {
    this.mdsName = mdsName;
    this.lowestLevel = lowestLevel;
    this.highestLevel = highestLevel;
    this.defaultLevel = defaultLevel;
  }

  /** The name in an index, without a level. */
  public String mdsName() {
    return mdsName;
  }

  /** What a compressed file's name ends with, beginning with the dot. */
  public String suffix() {
    return "." + mdsName;
  }

  /** Whether a level may be given. */
  public boolean hasLevels() {
    return highestLevel > lowestLevel;
  }

  public int lowestLevel() {
    return lowestLevel;
  }

  public int highestLevel() {
    return highestLevel;
  }

  /** The level where none is given. */
  public int defaultLevel() {
    return defaultLevel;
  }

  /** The compression of this name (without a level), if there is one. Names are case-sensitive. */
  public static Optional<Compression> named(String mdsName) {
    return Arrays.stream(values()).filter(c -> c.mdsName.equals(mdsName)).findFirst();
  }

  /** All names with a comma between, for messages. */
  static String names() {
    return Arrays.stream(values()).map(Compression::mdsName).collect(Collectors.joining(", "));
  }
}
