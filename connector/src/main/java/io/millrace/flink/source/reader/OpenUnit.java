// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.flink.scan.RecordFormat;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.plan.EpochPosition;
import io.millrace.plan.SampleOrder;
import io.millrace.plan.ShuffleKey;
import io.millrace.sample.SampleMetadata;
import io.millrace.storage.CorruptObjectException;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A unit whose bytes are in memory, read in its shuffled order from the split's cursor on. Used by
 * one thread at a time; whoever took it closes it.
 *
 * <p>Where samples may be left out, the first one that is damaged has the unit's bytes fetched once
 * more; what is damaged then is passed over.
 */
final class OpenUnit implements AutoCloseable {

  private final MillraceSplit split;
  private final String splitId;
  private final SampleOrder order;
  private final LongUnaryOperator shuffleKeys;
  private final long firstSample;
  private final DamagePolicy damage;
  private OpenedUnit opened;

  /** Opens the unit once more; null when it did. */
  private Rereads.@Nullable Reading<OpenedUnit> again;

  private long decodedBefore;
  private long place;
  private @Nullable LeftOut leftOut;

  OpenUnit(
      MillraceSplit split,
      OpenedUnit opened,
      SampleOrder order,
      ShuffleKey shuffleKey,
      DamagePolicy damage,
      Rereads.Reading<OpenedUnit> again) {
    this.split = split;
    this.splitId = split.splitId();
    this.opened = opened;
    this.order = order;
    this.damage = damage;
    this.again = again;
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
    return opened.input();
  }

  boolean isExhausted() {
    return place >= order.samples();
  }

  /** Field values that were decoded since the last call of this method. */
  long takeDecodedValues() {
    long values = decodedBefore + opened.reader().takeDecodedValues();
    decodedBefore = 0;
    return values;
  }

  /** Bytes of a sample of this unit, on average. */
  long bytesPerSample() {
    return Math.max(1, input().memoryBytes() / Math.max(1, order.samples()));
  }

  /**
   * Decodes the next sample. Must not be called when exhausted or after it failed. May block where
   * samples may be left out.
   *
   * @return null if it, or all that is left, is left out: {@link #leftOut} says why
   */
  <T> @Nullable T next(RecordFormat.Assembler<T> assembler) throws IOException {
    long inUnit = order.sampleAt(place);
    try {
      read(inUnit, assembler);
    } catch (IOException e) {
      if (!damage.leavesOut(e)) {
        throw e;
      }
      leaveOut(firstSample + inUnit, e);
      return null;
    }
    T record =
        assembler.build(
            new SampleMetadata(
                split.epoch(),
                split.shard().name(),
                firstSample + inUnit,
                EpochPosition.of(split.rank(), place),
                shuffleKeys));
    place++;
    return record;
  }

  private void read(long inUnit, RecordFormat.Assembler<?> assembler) throws IOException {
    int index = Math.toIntExact(inUnit);
    Rereads.Reading<OpenedUnit> once = again;
    try {
      opened.reader().read(index, assembler.sink());
    } catch (CorruptObjectException e) {
      if (once == null) {
        throw e; // its bytes were fetched twice
      }
      // Neither this nor the next attempt of the job shall get the same bytes out of the cache.
      opened.input().discard();
      if (!damage.skips()) {
        throw e;
      }
      again = null;
      decodedBefore += opened.reader().takeDecodedValues();
      opened.close();
      opened = damage.rereads().read(once);
      read(index, assembler);
    }
  }

  /** Passes over a sample, or over it and all that is left. */
  private void leaveOut(long sample, IOException reason) {
    long count = damage.leavesOutRest() ? order.samples() - place : 1;
    String location =
        String.format(Locale.ROOT, "sample %d of shard %s", sample, split.shard().name());
    leftOut = new LeftOut(count, location, reason);
    place += count;
  }

  /** What the last call of {@link #next} passed over. */
  LeftOut leftOut() {
    return Objects.requireNonNull(leftOut);
  }

  @Override
  public void close() {
    opened.close();
  }
}
