// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.ledger;

import io.millrace.sample.Sample;
import io.millrace.sample.SampleMetadata;

/**
 * A sample that was emitted: where it comes from, and what it held.
 *
 * @param epoch pass over the dataset, from 0 on
 * @param shard name of the shard
 * @param sample index in the shard
 * @param epochPosition place in the epoch's order, see {@link SampleMetadata#epochPosition()}
 * @param shuffleKey see {@link SampleMetadata#shuffleKey()}
 * @param content stands for the values of all fields: {@link SampleHash}, or a test's own token
 */
public record LedgerEntry(
    int epoch, String shard, long sample, long epochPosition, long shuffleKey, String content) {

  private static final int PARTS = 6;

  /** The entry of a sample with the hash of all its fields. */
  public static LedgerEntry of(Sample sample) {
    return of(sample, SampleHash.of(sample));
  }

  /** The entry of a sample whose content a test tells by a token of its own. */
  public static LedgerEntry of(Sample sample, String content) {
    SampleMetadata at = sample.metadata();
    return new LedgerEntry(
        at.epoch(), at.shard(), at.sample(), at.epochPosition(), at.shuffleKey(), content);
  }

  /** Where the sample comes from. */
  public SamplePlace place() {
    return new SamplePlace(shard, sample);
  }

  /** One line without its end: fields between tabs, as {@link #parse} reads them. */
  public String toLine() {
    return String.join(
        "\t",
        String.valueOf(epoch),
        escape(shard),
        String.valueOf(sample),
        String.valueOf(epochPosition),
        String.valueOf(shuffleKey),
        escape(content));
  }

  /**
   * Reads what {@link #toLine} wrote.
   *
   * @throws IllegalArgumentException naming the line, if it is anything else, such as a part of one
   */
  public static LedgerEntry parse(String line) {
    String[] parts = line.split("\t", -1);
    try {
      if (parts.length == PARTS) {
        return new LedgerEntry(
            Integer.parseInt(parts[0]),
            unescape(parts[1]),
            Long.parseLong(parts[2]),
            Long.parseLong(parts[3]),
            Long.parseLong(parts[4]),
            unescape(parts[5]));
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("Cannot read ledger line '" + line + "'", e);
    }
    throw new IllegalArgumentException(
        "Cannot read ledger line '" + line + "': it has " + parts.length + " of 6 parts");
  }

  /** Names of files may hold anything; a line may not hold its separators. */
  private static String escape(String text) {
    return text.replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r");
  }

  private static String unescape(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        i++;
        plain.append(
            switch (text.charAt(i)) {
              case 't' -> '\t';
              case 'n' -> '\n';
              case 'r' -> '\r';
              default -> text.charAt(i);
            });
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }
}
