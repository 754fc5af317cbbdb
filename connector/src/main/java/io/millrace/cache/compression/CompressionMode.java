// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.compression;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How a cache compresses what it retains: what users write in {@code cache.compression}. */
public enum CompressionMode {
  /** As a sample of the bytes suggests, only where it pays, and only while memory is short. */
  AUTO,
  /** Plain zstd, level 3, wherever that makes it smaller. */
  ZSTD,
  /** Nothing is compressed. */
  NONE;

  /** All names, the default first. */
  public static List<String> names() {
    return Arrays.stream(values()).map(CompressionMode::optionName).toList();
  }

  /**
   * The mode of a name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  public static CompressionMode named(String name) {
    return Arrays.stream(values())
        .filter(mode -> mode.optionName().equals(name))
        .findAny()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot use cache compression \""
                        + name
                        + "\": set cache.compression to one of "
                        + String.join(", ", names())));
  }

  /** What users write. */
  public String optionName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
