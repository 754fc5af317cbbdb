// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.flink.scan.RecordFormat;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.format.CountingReader;
import io.millrace.format.Shard;
import io.millrace.format.ShardReader;
import io.millrace.plan.EpochPosition;
import io.millrace.plan.SampleOrder;
import io.millrace.plan.ShuffleKey;
import io.millrace.sample.SampleMetadata;
import io.millrace.storage.CorruptObjectException;
import java.io.IOException;
import java.util.function.LongUnaryOperator;

/**
 * A unit whose bytes are in memory, read in its shuffled order from the split's cursor on. Used by
 * one thread at a time; whoever took it closes it.
 */
final class OpenUnit implements AutoCloseable {

  private final MillraceSplit split;
  private final String splitId;
  private final CountingReader reader;
  private final CachedShardInput input;
  private final SampleOrder order;
  private final LongUnaryOperator shuffleKeys;
  private final long firstSample;
  private long place;

  OpenUnit(
      MillraceSplit split,
      ShardReader reader,
      CachedShardInput input,
      SampleOrder order,
      ShuffleKey shuffleKey) {
    this.split = split;
    this.splitId = split.splitId();
    this.reader = new CountingReader(reader);
    this.input = input;
    this.order = order;
    int shard = split.shard().index();
    this.shuffleKeys = sample -> shuffleKey.of(shard, sample);
    this.firstSample = split.shard().cut().first() + split.shard().firstSample(split.unit());
    this.place = split.consumed();
  }

  String splitId() {
    return splitId;
  }

  MillraceSplit split() {
    return split;
  }

  CachedShardInput input() {
    return input;
  }

  boolean isExhausted() {
    return place >= order.samples();
  }

  /** Field values that were decoded since the last call of this method. */
  long takeDecodedValues() {
    return reader.takeDecodedValues();
  }

  /** Bytes of a sample of this unit, on average. */
  long bytesPerSample() {
    return Math.max(1, input.memoryBytes() / Math.max(1, order.samples()));
  }

  /** Decodes the next sample. Must not be called when exhausted or after it failed. */
  <T> T next(RecordFormat.Assembler<T> assembler) throws IOException {
    long inUnit = order.sampleAt(place);
    try {
      reader.read(Math.toIntExact(inUnit), assembler.sink());
    } catch (CorruptObjectException e) {
      // The next attempt of the job shall not get the same bytes out of the cache.
      input.discard();
      throw e;
    }
    Shard shard = split.shard();
    long sample = firstSample + inUnit;
    T record =
        assembler.build(
            new SampleMetadata(
                split.epoch(),
                shard.name(),
                sample,
                EpochPosition.of(split.rank(), place),
                shuffleKeys));
    place++;
    return record;
  }

  @Override
  public void close() {
    reader.close();
    input.close();
  }
}
