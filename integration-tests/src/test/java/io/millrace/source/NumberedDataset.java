// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import io.millrace.format.mds.MdsWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A dataset whose samples are numbered from 0, shard after shard. */
final class NumberedDataset {

  private NumberedDataset() {}

  /** Writes raw MDS with hashes; field {@code id} is the number, field {@code text} its digits. */
  static void write(Path directory, int shards, int samplesPerShard) throws IOException {
    write(directory, shards, samplesPerShard, 0);
  }

  /**
   * Writes raw MDS with hashes.
   *
   * @param textLength length of the field {@code text}, in which zeros stand before the number
   */
  static void write(Path directory, int shards, int samplesPerShard, int textLength)
      throws IOException {
    try (MdsWriter writer =
        new MdsWriter(directory, Map.of("id", "int", "text", "str")).hashes("xxh64")) {
      long id = 0;
      for (int shard = 0; shard < shards; shard++) {
        for (int sample = 0; sample < samplesPerShard; sample++) {
          String digits = String.valueOf(id);
          String zeros = "0".repeat(Math.max(0, textLength - digits.length()));
          writer.write(Map.of("id", id, "text", zeros + digits));
          id++;
        }
        writer.endShard();
      }
    }
  }
}
