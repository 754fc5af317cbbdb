// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import io.millrace.format.mds.MdsWriter;

/**
 * The same samples twice, as raw and as compressed MDS: one column of bytes, no published hashes,
 * as MosaicML's writer does unless told otherwise.
 *
 * @param shape length and label of its samples
 * @param samples number of samples
 * @param raw directory of the raw form
 * @param zstd directory of the compressed form
 */
record BenchmarkDataset(DatasetShape shape, int samples, Path raw, Path zstd) implements Workload {

  @Override
  public String label() {
    return shape.label();
  }


  private static final long SEED = 20_240_229;
  private static final long RAW_SHARD_BYTES = 64 << 20;
  private static final long ZSTD_SHARD_BYTES = 16 << 20;

  /** Writes it and waits until the disk has it, so that its writing disturbs no measurement. */
  static BenchmarkDataset write(Path directory, DatasetShape shape, double scale)
      throws IOException {
    int samples = shape.samples(scale);
    Path raw = directory.resolve(shape.label() + "-raw");
    Path zstd = directory.resolve(shape.label() + "-zstd");
    Map<String, String> columns = Map.of("data", "bytes");
    SampleText text = new SampleText(SEED);
    byte[] sample = new byte[shape.sampleBytes()];
    try (MdsWriter rawWriter = new MdsWriter(raw, columns).shardBytes(RAW_SHARD_BYTES);
        MdsWriter zstdWriter =
            new MdsWriter(zstd, columns).compression("zstd").shardBytes(ZSTD_SHARD_BYTES)) {
      for (int i = 0; i < samples; i++) {
        text.fill(sample);
        rawWriter.writeEncoded(sample);
        zstdWriter.writeEncoded(sample);
      }
    }
    BenchmarkDataset dataset = new BenchmarkDataset(shape, samples, raw, zstd);
    dataset.force();
    return dataset;
  }

  private void force() throws IOException {
    for (List<Path> shards : List.of(rawShards(), zstdShards())) {
      for (Path shard : shards) {
        try (FileChannel channel = FileChannel.open(shard, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
      }
    }
  }

  @Override
  public long payloadBytes() {
    return (long) samples * shape.sampleBytes();
  }

  List<Path> rawShards() throws IOException {
    return shards(raw);
  }

  List<Path> zstdShards() throws IOException {
    return shards(zstd);
  }

  /** Bytes of all shards of one of its forms. */
  static long storedBytes(Path form) throws IOException {
    long bytes = 0;
    for (Path shard : shards(form)) {
      bytes += Files.size(shard);
    }
    return bytes;
  }

  private static List<Path> shards(Path form) throws IOException {
    try (Stream<Path> files = Files.list(form)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("shard."))
          .sorted()
          .toList();
    }
  }
}
