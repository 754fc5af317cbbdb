// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Collections;
import java.util.List;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.core.fs.Path;

/**
 * Flink's own source over the raw shards, which it takes for runs of bytes: records as long as a
 * sample, the last one of a shard shorter. It knows no epochs, so it gets each shard once for each.
 *
 * @param dataset what it reads
 */
record FileSourceInput(BenchmarkDataset dataset) implements JobInput<byte[]> {

  @Override
  public Source<byte[], ?, ?> newSource(int epochs) throws IOException {
    List<Path> shards = dataset.rawShards().stream().map(file -> new Path(file.toUri())).toList();
    Path[] paths =
        Collections.nCopies(epochs, shards).stream().flatMap(List::stream).toArray(Path[]::new);
    return FileSource.forRecordStreamFormat(
            new FixedLengthFormat(dataset.shape().sampleBytes()), paths)
        .build();
  }

  @Override
  public RecordTouch<byte[]> touch() {
    return new ArrayTouch();
  }

  @Override
  public long records() throws IOException {
    int recordBytes = dataset.shape().sampleBytes();
    long records = 0;
    for (java.nio.file.Path shard : dataset.rawShards()) {
      records += (Files.size(shard) + recordBytes - 1) / recordBytes;
    }
    return records;
  }

  @Override
  public long bytes() throws IOException {
    return BenchmarkDataset.storedBytes(dataset.raw());
  }

  private static final class ArrayTouch implements RecordTouch<byte[]> {

    private static final long serialVersionUID = 1L;

    @Override
    public int size(byte[] record) {
      return record.length;
    }

    @Override
    public byte lastByte(byte[] record) {
      return record[record.length - 1];
    }
  }
}
