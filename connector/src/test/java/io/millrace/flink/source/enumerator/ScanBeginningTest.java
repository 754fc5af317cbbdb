// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.flink.scan.EpochRanges;
import io.millrace.flink.scan.EpochSettings;
import io.millrace.flink.scan.ScanSelection;
import io.millrace.flink.scan.ScanStart;
import io.millrace.flink.scan.ShardNames;
import io.millrace.flink.source.TestingShards;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.format.DatasetManifest;
import io.millrace.plan.CacheIdentity;
import io.millrace.plan.EpochPosition;
import io.millrace.plan.EpochProgress;
import io.millrace.plan.FirstComeOwnership;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class ScanBeginningTest {

  private static final CacheIdentity CACHE = new CacheIdentity("cache");

  /** Five units, of ten samples but for the last one, which has five. */
  private static final DatasetManifest MANIFEST = TestingShards.manifest(10, 20, 0, 25);

  private static UnitAssigner assigner(EpochSettings settings) {
    UnitTable table = new UnitTable(MANIFEST);
    ScanBeginning beginning = ScanBeginning.of(table, settings);
    UnitAssigner assigner =
        new UnitAssigner(table, settings, new FirstComeOwnership(), beginning.progress());
    assigner.ownership().cacheJoined(CACHE, 1);
    beginning.rest().ifPresent(assigner::beginWithin);
    return assigner;
  }

  private static List<MillraceSplit> drain(UnitAssigner assigner) {
    List<MillraceSplit> splits = new ArrayList<>();
    for (Optional<MillraceSplit> next = assigner.next(CACHE, Integer.MAX_VALUE);
        next.isPresent();
        next = assigner.next(CACHE, Integer.MAX_VALUE)) {
      splits.add(next.get());
    }
    return splits;
  }

  private static EpochSettings starting(boolean shuffle, int epoch, long position) {
    return new EpochSettings(4, shuffle, 7).from(new ScanStart(epoch, position));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readsWhatAWholeScanReadsFromThere(boolean shuffle) {
    List<MillraceSplit> all = drain(assigner(starting(shuffle, 0, 0)));
    assertThat(all).hasSize(20);

    List<MillraceSplit> some = drain(assigner(starting(shuffle, 2, EpochPosition.of(3, 4))));

    List<MillraceSplit> expected = new ArrayList<>(all.subList(13, 20));
    expected.set(0, all.get(13).at(4));
    assertThat(some).isEqualTo(expected);
    assertThat(some.get(0).splitId()).isEqualTo("2-3");
  }

  @Test
  void beginsAtAUnitWithoutAWordOfItsPlace() {
    UnitAssigner assigner = assigner(starting(true, 1, EpochPosition.of(2, 0)));
    assertThat(assigner.returned()).isEmpty();
    assertThat(assigner.remaining()).as("3 of epoch 1, 5 of epoch 2").isEqualTo(8);
    assertThat(drain(assigner)).hasSize(13).first().returns("1-2", MillraceSplit::splitId);
    assertThat(assigner.isExhausted()).isTrue();
  }

  @Test
  void passesOverAUnitThatHasNoSuchPlace() {
    for (long place : new long[] {10, 1L << 20, EpochPosition.MAX_PLACES - 1}) {
      UnitAssigner assigner = assigner(starting(false, 3, EpochPosition.of(1, place)));
      assertThat(drain(assigner))
          .extracting(MillraceSplit::splitId)
          .containsExactly("3-2", "3-3", "3-4");
    }
    UnitAssigner atTheEnd = assigner(starting(false, 3, EpochPosition.of(4, 5)));
    assertThat(drain(atTheEnd)).isEmpty();
    assertThat(atTheEnd.isExhausted()).isTrue();
    assertThat(drain(assigner(starting(false, 2, EpochPosition.of(4, 5)))))
        .hasSize(5)
        .allMatch(split -> split.epoch() == 3 && split.consumed() == 0);
  }

  @Test
  void aCheckpointHoldsAllOfIt() {
    UnitAssigner started = assigner(starting(true, 2, EpochPosition.of(3, 4)));
    // As it goes on in a job that is started at another place.
    UnitAssigner restored =
        new UnitAssigner(
            new UnitTable(MANIFEST),
            starting(true, 3, 0),
            new FirstComeOwnership(),
            started.progress());
    restored.ownership().cacheJoined(CACHE, 1);
    restored.addBack(started.returned());

    assertThat(drain(restored)).hasSize(7).isEqualTo(drain(started));
  }

  private static EpochSettings selecting(
      EpochSettings settings, ShardNames shards, EpochRanges epochs) {
    return settings.selecting(new ScanSelection(shards, epochs, ScanSelection.NO_LIMIT));
  }

  @Test
  void readsOfTheSelectedShardsWhatComesAfterTheStart() {
    ShardNames third = ShardNames.only(MANIFEST.shards().get(2).name());
    EpochSettings all = selecting(starting(true, 0, 0), third, EpochRanges.ALL);
    for (int rank = 0; rank < 5; rank++) {
      long position = EpochPosition.of(rank, 2);
      List<MillraceSplit> expected =
          drain(assigner(all)).stream()
              .filter(split -> split.epoch() == 3)
              .filter(split -> EpochPosition.of(split.rank(), split.samples()) > position)
              .map(split -> split.rank() == position >> 32 ? split.at(2) : split)
              .toList();
      EpochSettings some = selecting(starting(true, 3, position), third, EpochRanges.ALL);
      UnitAssigner assigner = assigner(some);

      assertThat(assigner.remaining()).isEqualTo(expected.size());
      assertThat(drain(assigner)).isEqualTo(expected);
      assertThat(assigner.isExhausted()).isTrue();
    }
  }

  @Test
  void readsOfTheSelectedEpochsThoseFromTheStart() {
    EpochSettings start = starting(true, 2, EpochPosition.of(3, 4));
    List<MillraceSplit> later =
        drain(assigner(selecting(start, ShardNames.ALL, EpochRanges.between(3, 9))));
    assertThat(later).hasSize(5).allMatch(split -> split.epoch() == 3 && split.consumed() == 0);

    UnitAssigner none = assigner(selecting(start, ShardNames.ALL, EpochRanges.between(0, 1)));
    assertThat(none.isExhausted()).isTrue();
    assertThat(drain(none)).isEmpty();
    UnitAssigner noneAtAll = assigner(selecting(start, ShardNames.ALL, EpochRanges.between(5, 6)));
    assertThat(noneAtAll.isExhausted()).isTrue();
    assertThat(drain(noneAtAll)).isEmpty();
  }

  @Test
  void theRestOfAUnitCountsForALimit() {
    EpochSettings start = starting(false, 2, EpochPosition.of(1, 4));
    assertThat(drain(assigner(start.selecting(ScanSelection.ALL.limitedTo(6))))).hasSize(1);
    assertThat(drain(assigner(start.selecting(ScanSelection.ALL.limitedTo(7))))).hasSize(2);
  }

  @Test
  void refusesARankThatTheEpochDoesNotHave() {
    assertThatThrownBy(
            () ->
                ScanBeginning.of(
                    new UnitTable(MANIFEST), starting(true, 2, EpochPosition.of(5, 0))))
        .hasMessageContaining("it is in the unit of rank 5, but an epoch has 5 units");
    assertThatThrownBy(
            () ->
                ScanBeginning.of(
                    new UnitTable(TestingShards.manifest(10, 0)), starting(true, 0, 1)))
        .hasMessageContaining("it is in the unit of rank 0, but an epoch has 0 units");
  }

  @Test
  void startsFarBehindTheFirstWindowOfRanks() {
    long units = 2L * EpochProgress.WINDOW;
    UnitTable table = new UnitTable(TestingShards.manifest(1, units));
    EpochSettings settings =
        new EpochSettings(1, true, 7).from(new ScanStart(0, EpochPosition.of(units - 2, 0)));
    UnitAssigner assigner =
        new UnitAssigner(
            table,
            settings,
            new FirstComeOwnership(),
            ScanBeginning.of(table, settings).progress());
    assigner.ownership().cacheJoined(CACHE, 1);

    assertThat(drain(assigner))
        .extracting(MillraceSplit::rank)
        .containsExactly(units - 2, units - 1);
  }
}
