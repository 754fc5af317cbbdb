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
    try (MdsWriter writer =
        new MdsWriter(directory, Map.of("id", "int", "text", "str")).hashes("xxh64")) {
      long id = 0;
      for (int shard = 0; shard < shards; shard++) {
        for (int sample = 0; sample < samplesPerShard; sample++) {
          writer.write(Map.of("id", id, "text", String.valueOf(id)));
          id++;
        }
        writer.endShard();
      }
    }
  }
}
