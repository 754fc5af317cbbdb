// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

/**
 * A compression with its level, as an index names them: {@code zstd}, {@code zstd:7}, {@code gz:1},
 * {@code snappy}.
 *
 * @param compression the family
 * @param level how hard to compress; of no meaning for reading; 0 for {@link Compression#SNAPPY}
 */
public record CompressionSpec(Compression compression, int level) {

  public CompressionSpec {
    if (level < compression.lowestLevel() || level > compression.highestLevel()) {
      throw new IllegalArgumentException(
          "Cannot use level "
              + level
              + " of compression "
              + compression.mdsName()
              + ": levels are "
              + compression.lowestLevel()
              + " to "
              + compression.highestLevel());
    }
  }

  /**
   * Reads a compression's name, with or without a level.
   *
   * @throws IllegalArgumentException if the name is unknown or the level is not one of its levels;
   *     the message says what there is
   */
  public static CompressionSpec parse(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    Compression compression =
        Compression.named(name)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot use compression \""
                            + text
                            + "\": known compressions are "
                            + Compression.names()));
    if (colon < 0) {
      return new CompressionSpec(compression, compression.defaultLevel());
    }
    if (!compression.hasLevels()) {
      throw new IllegalArgumentException(
          "Cannot use compression \"" + text + "\": " + name + " has no levels");
    }
    return new CompressionSpec(compression, levelOf(text, text.substring(colon + 1)));
  }

  private static int levelOf(String text, String digits) {
    // three digits are more than any level has; Integer.parseInt would also take signs
    if (digits.isEmpty()
        || digits.length() > 3
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException(
          "Cannot use compression \"" + text + "\": its level is not a number");
    }
    return Integer.parseInt(digits);
  }

  /** The form that {@link #parse} reads; always with the level where there are levels. */
  @Override
  public String toString() {
    return compression.hasLevels() ? compression.mdsName() + ":" + level : compression.mdsName();
  }
}
