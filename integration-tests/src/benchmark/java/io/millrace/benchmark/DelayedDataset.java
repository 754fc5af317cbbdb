// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import io.millrace.format.mds.MdsWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Raw MDS with samples of 100 KB, which is cut into units of 42 samples: what is fetched by one
 * request.
 *
 * @param label its name
 * @param samples number of samples
 * @param directory where it lies
 */
record DelayedDataset(String label, int samples, Path directory) implements Workload {

  static final int SAMPLE_BYTES = 100_000;

  /** Bytes of samples that one request brings. */
  static final long EXTENT_BYTES = 42L * SAMPLE_BYTES;

  private static final long SEED = 20_240_301;
  private static final long SHARD_BYTES = 64 << 20;

  static DelayedDataset write(Path parent, String label, int samples) throws IOException {
    Path directory = parent.resolve(label);
    SampleText text = new SampleText(SEED);
    byte[] sample = new byte[SAMPLE_BYTES];
    try (MdsWriter writer =
        new MdsWriter(directory, Map.of("data", "bytes")).shardBytes(SHARD_BYTES)) {
      for (int i = 0; i < samples; i++) {
        text.fill(sample);
        writer.writeEncoded(sample);
      }
    }
    return new DelayedDataset(label, samples, directory);
  }

  @Override
  public long payloadBytes() {
    return (long) samples * SAMPLE_BYTES;
  }
}
