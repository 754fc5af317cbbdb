// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.scan.EpochRanges;
import io.millrace.flink.scan.EpochSettings;
import io.millrace.flink.scan.ScanSelection;
import io.millrace.flink.scan.ShardNames;
import io.millrace.flink.source.TestingShards;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.flink.source.split.SplitRequestEvent;
import io.millrace.format.DatasetManifest;
import io.millrace.plan.CacheIdentity;
import io.millrace.plan.EpochOrder;
import io.millrace.plan.EpochProgress;
import io.millrace.plan.FirstComeOwnership;
import io.millrace.plan.RendezvousOwnership;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class UnitAssignerTest {

  private static final CacheIdentity CACHE = new CacheIdentity("cache");

  /** Units of two, none and three samples' tens. */
  private static final DatasetManifest MANIFEST = TestingShards.manifest(10, 20, 0, 25);

  private static UnitAssigner assigner(DatasetManifest manifest, EpochSettings settings) {
    UnitAssigner assigner =
        new UnitAssigner(
            new UnitTable(manifest),
            settings,
            new FirstComeOwnership(),
            EpochProgress.start(0).snapshot());
    assigner.ownership().cacheJoined(CACHE, 1);
    return assigner;
  }

  private static List<MillraceSplit> drain(UnitAssigner assigner, int maxEpoch) {
    List<MillraceSplit> splits = new ArrayList<>();
    for (Optional<MillraceSplit> next = assigner.next(CACHE, maxEpoch);
        next.isPresent();
        next = assigner.next(CACHE, maxEpoch)) {
      splits.add(next.get());
    }
    return splits;
  }

  @Test
  void makesASplitOfEachUnitInTheOrderOfTheDataset() {
    List<MillraceSplit> splits = drain(assigner(MANIFEST, new EpochSettings(1, false, 0)), 0);

    assertThat(splits).extracting(MillraceSplit::rank).containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(splits).extracting(MillraceSplit::unitId).containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(splits).extracting(split -> split.shard().index()).containsExactly(0, 0, 2, 2, 2);
    assertThat(splits).extracting(MillraceSplit::unit).containsExactly(0, 1, 0, 1, 2);
    assertThat(splits).extracting(MillraceSplit::samples).containsExactly(10, 10, 10, 10, 5);
    assertThat(splits).allMatch(split -> split.admit() && split.units() == 5);
  }

  @Test
  void followsEachEpochsOrder() {
    UnitAssigner assigner = assigner(MANIFEST, new EpochSettings(2, true, 7));
    for (int epoch = 0; epoch < 2; epoch++) {
      EpochOrder order = EpochOrder.shuffled(7, epoch, 5);
      int expectedEpoch = epoch;
      assertThat(drain(assigner, epoch))
          .hasSize(5)
          .allMatch(split -> split.epoch() == expectedEpoch)
          .allMatch(split -> split.unitId() == order.unitAt(split.rank()));
      assertThat(assigner.isExhausted()).isEqualTo(epoch == 1);
    }
    assertThat(drain(assigner, Integer.MAX_VALUE)).isEmpty();
  }

  @Test
  void countsWhatRemainsOfTheOpenEpochAndTheNext() {
    UnitAssigner assigner = assigner(MANIFEST, new EpochSettings(2, false, 0));
    assertThat(assigner.remaining()).isEqualTo(10);
    assigner.next(CACHE, 0);
    assertThat(assigner.remaining()).isEqualTo(9);
    assertThat(assigner.newestEpoch()).isZero();
    drain(assigner, 0);
    assertThat(assigner.remaining()).isEqualTo(5);
    assigner.next(CACHE, 1);
    assertThat(assigner.newestEpoch()).isEqualTo(1);
    assertThat(assigner.remaining()).isEqualTo(4);
  }

  @Test
  void opensNoEpochBeyondTheGivenOne() {
    UnitAssigner assigner = assigner(MANIFEST, new EpochSettings(EpochSettings.UNBOUNDED, true, 0));
    assertThat(drain(assigner, 3)).hasSize(20);
    assertThat(assigner.isExhausted()).isFalse();
    assertThat(assigner.next(CACHE, 4)).hasValueSatisfying(s -> assertThat(s.epoch()).isEqualTo(4));
  }

  @Test
  void givesReturnedSplitsFirstOldestFirst() {
    UnitAssigner assigner = assigner(MANIFEST, new EpochSettings(2, false, 0));
    List<MillraceSplit> splits = drain(assigner, 1);
    assertThat(assigner.isExhausted()).isTrue();
    assertThat(assigner.oldestReturnedEpoch()).isEqualTo(SplitRequestEvent.HOLDS_NONE);

    MillraceSplit late = splits.get(6).at(4);
    MillraceSplit early = splits.get(3).at(9);
    assigner.addBack(List.of(late, early));

    assertThat(assigner.isExhausted()).isFalse();
    assertThat(assigner.oldestReturnedEpoch()).isZero();
    assertThat(assigner.returned()).containsExactly(early, late);
    assertThat(assigner.remaining()).isEqualTo(2);
    assertThat(assigner.next(CACHE, 0)).hasValue(early);
    assertThat(assigner.next(CACHE, 0)).as("epoch 1 may not be opened yet").isEmpty();
    assertThat(assigner.next(CACHE, 1)).hasValue(late);
    assertThat(assigner.isExhausted()).isTrue();
  }

  @Test
  void goesOnFromASnapshot() {
    UnitAssigner first = assigner(MANIFEST, new EpochSettings(2, true, 3));
    List<MillraceSplit> before = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      before.add(first.next(CACHE, 1).orElseThrow());
    }
    UnitAssigner second =
        new UnitAssigner(
            new UnitTable(MANIFEST),
            new EpochSettings(2, true, 3),
            new FirstComeOwnership(),
            first.progress());
    second.ownership().cacheJoined(CACHE, 1);

    List<MillraceSplit> after = drain(second, 1);

    assertThat(after).isEqualTo(drain(first, 1)).hasSize(3);
    assertThat(after).doesNotContainAnyElementsOf(before);
  }

  @Test
  void isExhaustedAtOnceWithoutSamples() {
    UnitAssigner assigner =
        assigner(
            TestingShards.manifest(10, 0), new EpochSettings(EpochSettings.UNBOUNDED, false, 0));
    assertThat(assigner.isExhausted()).isTrue();
    assertThat(assigner.next(CACHE, 5)).isEmpty();
  }

  private static EpochSettings selecting(
      EpochSettings settings, ShardNames shards, EpochRanges epochs) {
    return settings.selecting(new ScanSelection(shards, epochs, ScanSelection.NO_LIMIT));
  }

  @Test
  void leavesUnselectedShardsOutAndKeepsTheRanksOfTheOthers() {
    EpochSettings all = new EpochSettings(3, true, 7);
    List<MillraceSplit> expected =
        drain(assigner(MANIFEST, all), Integer.MAX_VALUE).stream()
            .filter(split -> split.shard().index() == 2)
            .toList();
    ShardNames third = ShardNames.only(MANIFEST.shards().get(2).name());

    UnitAssigner assigner = assigner(MANIFEST, selecting(all, third, EpochRanges.ALL));
    assertThat(assigner.remaining()).isEqualTo(6);
    List<MillraceSplit> splits = new ArrayList<>();
    for (int epoch = 0; epoch < 3; epoch++) {
      splits.addAll(drain(assigner, epoch));
      assertThat(splits).hasSize(3 * (epoch + 1));
      assertThat(assigner.isExhausted()).isEqualTo(epoch == 2);
    }

    assertThat(expected).hasSize(9);
    assertThat(splits).isEqualTo(expected);
    assertThat(assigner.remaining()).isZero();
  }

  @Test
  void goesOnWithAPartOfAnEpochAfterARestore() {
    EpochSettings some =
        selecting(
            new EpochSettings(1, true, 7),
            ShardNames.only(MANIFEST.shards().get(1).name()).not(),
            EpochRanges.ALL);
    List<MillraceSplit> expected = drain(assigner(MANIFEST, some), 0);
    UnitAssigner first = assigner(MANIFEST, some);
    List<MillraceSplit> splits = new ArrayList<>(List.of(first.next(CACHE, 0).orElseThrow()));

    UnitAssigner second =
        new UnitAssigner(new UnitTable(MANIFEST), some, new FirstComeOwnership(), first.progress());
    second.ownership().cacheJoined(CACHE, 1);
    assertThat(second.remaining()).isEqualTo(expected.size() - 1);
    splits.addAll(drain(second, 0));

    assertThat(splits).isEqualTo(expected);
    assertThat(second.isExhausted()).isTrue();
  }

  @Test
  void opensOnlySelectedEpochs() {
    EpochRanges some = EpochRanges.between(1, 1).or(EpochRanges.between(4, 4));
    EpochSettings settings = selecting(new EpochSettings(9, false, 0), ShardNames.ALL, some);
    UnitAssigner assigner =
        new UnitAssigner(
            new UnitTable(MANIFEST),
            settings,
            new FirstComeOwnership(),
            EpochProgress.start(1).snapshot());
    assigner.ownership().cacheJoined(CACHE, 1);

    assertThat(drain(assigner, 3)).hasSize(5).allMatch(split -> split.epoch() == 1);
    assertThat(assigner.isExhausted()).isFalse();
    assertThat(drain(assigner, 4)).hasSize(5).allMatch(split -> split.epoch() == 4);
    assertThat(assigner.isExhausted()).isTrue();
  }

  @Test
  void endsAtOnceWhereNothingIsSelected() {
    EpochSettings unbounded = new EpochSettings(EpochSettings.UNBOUNDED, false, 0);
    for (EpochSettings nothing :
        List.of(
            selecting(unbounded, ShardNames.only("no such"), EpochRanges.ALL),
            selecting(new EpochSettings(3, false, 0), ShardNames.ALL, EpochRanges.between(3, 9)))) {
      UnitAssigner assigner = assigner(MANIFEST, nothing);
      assertThat(drain(assigner, Integer.MAX_VALUE)).isEmpty();
      assertThat(assigner.isExhausted()).isTrue();
    }
  }

  @Test
  void beginsNoUnitOnceEnoughSamplesAreOnTheirWay() {
    EpochSettings settings =
        new EpochSettings(2, false, 0).selecting(ScanSelection.ALL.limitedTo(11));
    UnitAssigner assigner = assigner(MANIFEST, settings);
    List<MillraceSplit> splits = drain(assigner, Integer.MAX_VALUE);
    assertThat(splits).extracting(MillraceSplit::rank).containsExactly(0L, 1L);
    assertThat(assigner.isExhausted()).isTrue();

    assigner.addBack(splits.subList(0, 1));

    assertThat(assigner.isExhausted()).isFalse();
    assertThat(drain(assigner, Integer.MAX_VALUE)).isEqualTo(splits.subList(0, 1));
  }

  @Test
  void selectsOfEachGenerationOfADatasetThatGrows() {
    UnitTable first = new UnitTable(TestingShards.manifest(10, 20));
    UnitTable second = new UnitTable(MANIFEST.shards(), first.end());
    List<UnitTable> added = new ArrayList<>(List.of(second));
    EpochSettings settings =
        selecting(
            new EpochSettings(1, false, 0, Duration.ofSeconds(1)),
            ShardNames.only(MANIFEST.shards().get(2).name()),
            EpochRanges.ALL);
    UnitAssigner assigner =
        new UnitAssigner(
            first,
            settings,
            new FirstComeOwnership(),
            EpochProgress.start(0).snapshot(),
            () -> added.isEmpty() ? Optional.empty() : Optional.of(added.remove(0)));
    assigner.ownership().cacheJoined(CACHE, 1);

    List<MillraceSplit> splits = drain(assigner, 0);

    assertThat(splits).extracting(split -> split.shard().index()).containsExactly(3, 3, 3);
    assertThat(splits).extracting(MillraceSplit::rank).containsExactly(4L, 5L, 6L);
    assertThat(assigner.isExhausted()).as("more may come").isFalse();
    assertThat(assigner.samplesOfEpoch()).isEqualTo(MANIFEST.shards().get(2).samples());
  }

  @Test
  void knowsTheSamplesOfAllGenerationsThatItKnows() {
    UnitTable first = new UnitTable(TestingShards.manifest(10, 20));
    List<UnitTable> added = new ArrayList<>();
    UnitAssigner assigner =
        new UnitAssigner(
            first,
            new EpochSettings(1, false, 0, Duration.ofSeconds(1)),
            new FirstComeOwnership(),
            EpochProgress.start(0).snapshot(),
            () -> added.isEmpty() ? Optional.empty() : Optional.of(added.remove(0)));
    assigner.samplesBefore(100); // of generations that a checkpoint had assigned
    assigner.ownership().cacheJoined(CACHE, 1);
    assertThat(assigner.samplesOfEpoch()).isEqualTo(120);

    added.add(new UnitTable(MANIFEST.shards(), first.end()));
    assertThat(drain(assigner, 0)).isNotEmpty();

    assertThat(assigner.samplesBefore()).isEqualTo(120);
    assertThat(assigner.samplesOfEpoch()).isEqualTo(120 + MANIFEST.samples());
  }

  private static final CacheIdentity OTHER = new CacheIdentity("other");

  /** Of eight shards of one unit each, and two caches. */
  private static UnitAssigner withHomes(EpochSettings settings) {
    UnitAssigner assigner =
        new UnitAssigner(
            new UnitTable(TestingShards.manifest(10, 10, 10, 10, 10, 10, 10, 10, 10)),
            settings,
            new RendezvousOwnership(),
            EpochProgress.start(0).snapshot());
    assigner.ownership().present(Map.of(CACHE, 100L, OTHER, 100L));
    return assigner;
  }

  private static CacheIdentity home(UnitAssigner assigner, MillraceSplit split) {
    return assigner.ownership().ownerOf(split.shard().index()).orElseThrow();
  }

  @Test
  void givesWhatIsAtHomeElsewhereToTheIdleAlone() {
    UnitAssigner assigner = withHomes(new EpochSettings(1, true, 7));
    List<MillraceSplit> own = new ArrayList<>();
    for (Optional<MillraceSplit> next = assigner.next(CACHE, false, 0);
        next.isPresent();
        next = assigner.next(CACHE, false, 0)) {
      own.add(next.get());
    }
    assertThat(own)
        .hasSizeBetween(2, 6)
        .allMatch(split -> split.admit() && home(assigner, split).equals(CACHE));

    assertThat(drain(assigner, 0))
        .hasSize(8 - own.size())
        .allMatch(split -> !split.admit() && home(assigner, split).equals(OTHER));
  }

  @Test
  void splitsThatCameBackFollowTheirHome() {
    UnitAssigner assigner = withHomes(new EpochSettings(2, true, 7));
    List<MillraceSplit> all = drain(assigner, 1);
    MillraceSplit own =
        all.stream().filter(s -> home(assigner, s).equals(CACHE)).findFirst().orElseThrow();
    MillraceSplit others =
        all.stream().filter(s -> home(assigner, s).equals(OTHER)).findFirst().orElseThrow();
    assertThat(others.admit()).isFalse();
    assigner.addBack(List.of(own, others));
    assertThat(assigner.next(OTHER, false, -1)).as("of no epoch that is open").isEmpty();

    assertThat(assigner.next(OTHER, false, 0)).hasValue(others.admitted(true));
    assertThat(assigner.next(OTHER, false, 0)).isEmpty();
    assertThat(assigner.next(OTHER, true, -1)).isEmpty();
    assertThat(assigner.next(OTHER, true, 0)).hasValue(own.admitted(false));
    assigner.addBack(List.of(own));
    assertThat(assigner.next(OTHER, false, 0)).isEmpty();
    assigner.ownership().present(Map.of(OTHER, 100L));
    assertThat(assigner.next(OTHER, false, 0)).as("it moved").hasValue(own.admitted(true));
    assertThat(assigner.returned()).isEmpty();
  }

  @Test
  void anIdleReaderHelpsWithWhatCameBackBeforeWhatIsNew() {
    UnitAssigner assigner = withHomes(new EpochSettings(1, true, 7));
    MillraceSplit back = assigner.next(OTHER, false, 0).orElseThrow();
    assigner.addBack(List.of(back));
    List<MillraceSplit> splits = drain(assigner, 0);
    int first = splits.indexOf(back.admitted(false));
    assertThat(splits.subList(0, first)).isNotEmpty().allMatch(MillraceSplit::admit);
    assertThat(splits.subList(first, splits.size()))
        .hasSizeGreaterThan(1)
        .noneMatch(MillraceSplit::admit);
  }

  /** Of a growing dataset the generations before a checkpoint are not known again. */
  @Test
  void whatCameBackOfShardsWithoutAHomeIsForWhoeverAsks() {
    UnitTable first = new UnitTable(TestingShards.manifest(10, 20, 20));
    MillraceSplit old = first.split(0, 0, 0, true);
    UnitAssigner assigner =
        new UnitAssigner(
            new UnitTable(MANIFEST.shards(), first.end()),
            new EpochSettings(1, false, 0, Duration.ofSeconds(1)),
            new RendezvousOwnership(),
            EpochProgress.start(0).snapshot());
    assigner.ownership().present(Map.of(CACHE, 100L, OTHER, 100L));
    assigner.addBack(List.of(old));
    assertThat(assigner.next(CACHE, false, 0)).hasValue(old);

    MillraceSplit current = drain(assigner, 0).get(0);
    CacheIdentity home = assigner.ownership().ownerOf(current.shard().index() - 2).orElseThrow();
    assigner.addBack(List.of(current));
    assertThat(assigner.next(home.equals(CACHE) ? OTHER : CACHE, false, 0)).isEmpty();
    assertThat(assigner.next(home, false, 0)).isPresent();
  }
}
