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
 * Millrace over one form of a workload.
 *
 * @param workload what it reads
 * @param form directory of the form
 * @param storedBytes bytes of its objects
 * @param touch looks at a sample
 * @param cached whether a cache keeps the whole form, or none keeps anything; memory and prefetch
 *     have their defaults then
 */
record MillraceInput(
    Workload workload, Path form, long storedBytes, RecordTouch<Sample> touch, boolean cached)
    implements JobInput<Sample> {

  /** Over one form of an MDS dataset. */
  static MillraceInput ofMds(BenchmarkDataset dataset, Path form, boolean cached)
      throws IOException {
    long bytes = BenchmarkDataset.storedBytes(form);
    return new MillraceInput(dataset, form, bytes, new BytesTouch(), cached);
  }

  static MillraceInput ofTorch(TorchFiles files, boolean cached) throws IOException {
    return new MillraceInput(
        files, files.directory(), files.storedBytes(), new TensorTouch(), cached);
  }

  /** A cache may lend up to half of its memory, and must keep everything in the other half. */
  private static final int MEMORY_PER_BYTE = 2;

  private static final long SPARE_BYTES = 64 << 20;

  @Override
  public Source<Sample, ?, ?> newSource(int epochs) throws IOException {
    MillraceSourceBuilder builder =
        MillraceSource.builder().path(form.toUri().toString()).scanEpochs(epochs);
    if (cached) {
      long bytes = MEMORY_PER_BYTE * storedBytes + SPARE_BYTES;
      builder.cachePolicy("plan").cacheMemorySize(new MemorySize(bytes));
    } else {
      builder.cachePolicy("none");
    }
    return builder.build();
  }

  @Override
  public long records() {
    return workload.samples();
  }

  @Override
  public long bytes() {
    return workload.payloadBytes();
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

  private static byte lastByteOf(Bytes bytes) {
    return bytes.byteAt(bytes.size() - 1);
  }

  private static final class BytesTouch implements RecordTouch<Sample> {

    private static final long serialVersionUID = 1L;

    @Override
    public int size(Sample sample) {
      return sample.getBytes(0).size();
    }

    @Override
    public byte lastByte(Sample sample) {
      return lastByteOf(sample.getBytes(0));
    }
  }

  private static final class TensorTouch implements RecordTouch<Sample> {

    private static final long serialVersionUID = 1L;

    @Override
    public int size(Sample sample) {
      return sample.getTensor(0).data().size();
    }

    @Override
    public byte lastByte(Sample sample) {
      return lastByteOf(sample.getTensor(0).data());
    }
  }
}
