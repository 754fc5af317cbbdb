// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import io.millrace.format.mds.MdsWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Raw MDS with samples of 100 KB of bytes and an integer, as a table.
 *
 * @param samples number of samples
 * @param directory where it lies
 */
record SqlDataset(int samples, Path directory) implements Workload {

  static final String LABEL = "sql";

  static final int SAMPLE_BYTES = 100_000;

  /** The columns of its table. */
  static final String COLUMNS = "data BYTES, label INT";

  private static final int FULL_SAMPLES = 4_000;
  private static final int LABELS = 1_000;
  private static final long SEED = 20_240_302;
  private static final long SHARD_BYTES = 64 << 20;

  static SqlDataset write(Path parent, double scale) throws IOException {
    int samples = (int) Math.max(2, Math.round(FULL_SAMPLES * scale));
    Path directory = parent.resolve(LABEL);
    SampleText text = new SampleText(SEED);
    try (MdsWriter writer =
        new MdsWriter(directory, Map.of("data", "bytes", "label", "int32"))
            .shardBytes(SHARD_BYTES)) {
      for (int i = 0; i < samples; i++) {
        byte[] data = new byte[SAMPLE_BYTES];
        text.fill(data);
        writer.write(Map.of("data", data, "label", labelOf(i)));
      }
    }
    return new SqlDataset(samples, directory);
  }

  private static int labelOf(int sample) {
    return sample % LABELS;
  }

  /** Sum of the labels of all samples. */
  long sumOfLabels() {
    long sum = 0;
    for (int i = 0; i < samples; i++) {
      sum += labelOf(i);
    }
    return sum;
  }

  @Override
  public String label() {
    return LABEL;
  }

  @Override
  public long payloadBytes() {
    return (long) samples * SAMPLE_BYTES;
  }

  /** The statement that makes it a table. */
  String createTable(String uri, Map<String, String> options) {
    StringBuilder statement =
        new StringBuilder("CREATE TABLE samples (")
            .append(COLUMNS)
            .append(") WITH ('connector' = 'millrace', 'path' = '")
            .append(uri)
            .append('\'');
    options.forEach(
        (key, value) -> statement.append(", '" + key + "' = '" + value + "'"));
    return statement.append(')').toString();
  }
}
