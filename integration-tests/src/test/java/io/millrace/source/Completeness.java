// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plan.EpochPosition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What a ledger of a {@link NumberedDataset} must hold.
 *
 * @param epochs epochs that were read, from 0 on
 * @param units units of the dataset
 */
record Completeness(int epochs, int shards, int samplesPerShard, long units) {

  /** All samples of all epochs once, with the metadata that they must have. */
  void check(List<SampleLedger.Entry> entries) {
    checkOnce(entries);
    entries.forEach(this::checkMetadata);
  }

  /** All samples of all epochs once, whatever their shards are. */
  void checkOnce(List<SampleLedger.Entry> entries) {
    Map<Integer, Set<Long>> ids = new HashMap<>();
    Map<Integer, Set<Long>> positions = new HashMap<>();
    Map<Integer, Set<Long>> keys = new HashMap<>();
    for (SampleLedger.Entry entry : entries) {
      assertThat(ids.computeIfAbsent(entry.epoch(), e -> new HashSet<>()).add(entry.id()))
          .as("sample %d of epoch %d comes once", entry.id(), entry.epoch())
          .isTrue();
      positions.computeIfAbsent(entry.epoch(), e -> new HashSet<>()).add(entry.epochPosition());
      keys.computeIfAbsent(entry.epoch(), e -> new HashSet<>()).add(entry.shuffleKey());
    }
    int samples = shards * samplesPerShard;
    assertThat(ids.keySet())
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, epochs).boxed().toList());
    assertThat(ids.values()).allSatisfy(epoch -> assertThat(epoch).hasSize(samples));
    assertThat(positions.values()).allSatisfy(epoch -> assertThat(epoch).hasSize(samples));
    assertThat(keys.values()).allSatisfy(epoch -> assertThat(epoch).hasSize(samples));
  }

  private void checkMetadata(SampleLedger.Entry entry) {
    assertThat(entry.sample()).isEqualTo(entry.id() % samplesPerShard);
    assertThat(entry.shard()).isEqualTo("shard.%05d.mds".formatted(entry.id() / samplesPerShard));
    assertThat(EpochPosition.rank(entry.epochPosition())).isBetween(0L, units - 1);
    assertThat(EpochPosition.place(entry.epochPosition())).isBetween(0L, samplesPerShard - 1L);
  }
}
