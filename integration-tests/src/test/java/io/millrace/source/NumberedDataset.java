// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import io.millrace.format.mds.MdsWriter;
import io.millrace.harness.ledger.Expected;
import io.millrace.harness.ledger.SampleHash;
import io.millrace.harness.ledger.SamplePlace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
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
          writer.write(fields(id, textLength));
          id++;
        }
        writer.endShard();
      }
    }
  }

  /** Adds raw shards with hashes to a dataset of others with as many samples. */
  static void append(Path directory, int before, int shards, int samplesPerShard)
      throws IOException {
    try (MdsWriter writer =
        new MdsWriter(directory, Map.of("id", "int", "text", "str")).hashes("xxh64").appending()) {
      long id = (long) before * samplesPerShard;
      for (int shard = 0; shard < shards; shard++) {
        for (int sample = 0; sample < samplesPerShard; sample++) {
          writer.write(fields(id, 0));
          id++;
        }
        writer.endShard();
      }
    }
  }

  /** A sample's values, in the order of the schema. */
  private static Map<String, Object> fields(long id, int textLength) {
    String digits = String.valueOf(id);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", id);
    fields.put("text", "0".repeat(Math.max(0, textLength - digits.length())) + digits);
    return fields;
  }

  /** What a job must emit that reads a dataset whose units are its shards. */
  static Expected expected(int epochs, int shards, int samplesPerShard) {
    return expected(epochs, shards, samplesPerShard, 0).withPositions(shards, samplesPerShard);
  }

  /** What a job must emit; told by what was to be written, not by what can be read. */
  static Expected expected(int epochs, int shards, int samplesPerShard, int textLength) {
    Map<SamplePlace, String> contents = new HashMap<>();
    for (long id = 0; id < (long) shards * samplesPerShard; id++) {
      String shard = String.format(Locale.ROOT, "shard.%05d.mds", id / samplesPerShard);
      contents.put(
          new SamplePlace(shard, id % samplesPerShard), SampleHash.of(fields(id, textLength)));
    }
    return Expected.contents(contents, epochs);
  }
}
