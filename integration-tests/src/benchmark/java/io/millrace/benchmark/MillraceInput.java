// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import io.millrace.flink.source.MillraceSource;
import io.millrace.flink.source.MillraceSourceBuilder;
import io.millrace.flink.source.reader.LocalScans;
import io.millrace.sample.Bytes;
import io.millrace.sample.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.MemorySize;

/**
 * Millrace over one form of a dataset.
 *
 * @param dataset what it reads
 * @param form directory of the form
 * @param cached whether a cache keeps the whole form, or none keeps anything; memory and prefetch
 *     have their defaults then
 */
record MillraceInput(BenchmarkDataset dataset, Path form, boolean cached)
    implements JobInput<Sample> {

  /** A cache may lend up to half of its memory, and must keep everything in the other half. */
  private static final int MEMORY_PER_BYTE = 2;

  private static final long SPARE_BYTES = 64 << 20;

  @Override
  public Source<Sample, ?, ?> newSource(int epochs) throws IOException {
    MillraceSourceBuilder builder =
        MillraceSource.builder().path(form.toUri().toString()).format("mds").scanEpochs(epochs);
    if (cached) {
      long bytes = MEMORY_PER_BYTE * BenchmarkDataset.storedBytes(form) + SPARE_BYTES;
      builder.cachePolicy("plan").cacheMemorySize(new MemorySize(bytes));
    } else {
      builder.cachePolicy("none");
    }
    return builder.build();
  }

  @Override
  public RecordTouch<Sample> touch() {
    return new SampleTouch();
  }

  @Override
  public long records() {
    return dataset.samples();
  }

  @Override
  public long bytes() {
    return dataset.payloadBytes();
  }

  @Override
  public int edgeEpochs() {
    return cached ? 1 : 0;
  }

  @Override
  public Optional<Double> hitRate(Source<Sample, ?, ?> finished) {
    if (!cached || !(finished instanceof MillraceSource<?> source)) {
      return Optional.empty();
    }
    var epochs = LocalScans.epochs(source.scanId());
    return epochs.isEmpty()
        ? Optional.empty()
        : Optional.of(epochs.get(epochs.lastKey()).hitRate());
  }

  private static final class SampleTouch implements RecordTouch<Sample> {

    private static final long serialVersionUID = 1L;

    @Override
    public int size(Sample sample) {
      return sample.getBytes(0).size();
    }

    @Override
    public byte lastByte(Sample sample) {
      Bytes bytes = sample.getBytes(0);
      return bytes.byteAt(bytes.size() - 1);
    }
  }
}
