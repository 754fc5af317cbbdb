// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.scan.Assignment;
import io.millrace.flink.scan.EpochRanges;
import io.millrace.flink.scan.EpochSettings;
import io.millrace.flink.scan.ErrorSettings;
import io.millrace.flink.scan.ScanSelection;
import io.millrace.flink.scan.ShardNames;
import io.millrace.flink.source.TestingShards;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.flink.source.split.OwnedBytesEvent;
import io.millrace.format.DatasetManifest;
import io.millrace.plan.CacheIdentity;
import io.millrace.plan.EpochProgress;
import io.millrace.plan.RendezvousOwnership;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.flink.connector.testutils.source.reader.TestingSplitEnumeratorContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who gets what, and when, with {@code scan.assignment = sticky}. */
@Tag("unit")
class StickyAssignmentTest {

  private static final int SHARDS = 60;

  /** Of one unit each. */
  private static final DatasetManifest DATASET = dataset(SHARDS);

  private static final EpochSettings TWO_EPOCHS = new EpochSettings(2, true, 7);

  static DatasetManifest dataset(int shards) {
    long[] samples = new long[shards];
    Arrays.fill(samples, 10);
    return TestingShards.manifest(10, samples);
  }

  private static TestingReaders scan(int parallelism, EpochSettings epochs) {
    return scan(parallelism, epochs, Assignment.STICKY, fresh());
  }

  static TestingReaders scan(
      int parallelism, EpochSettings epochs, Assignment assignment, MillraceEnumeratorState state) {
    TestingSplitEnumeratorContext<MillraceSplit> context =
        new TestingSplitEnumeratorContext<>(parallelism);
    TestingReaders readers =
        new TestingReaders(
            context,
            new MillraceEnumerator(
                context, () -> DATASET, epochs, ErrorSettings.FAIL, assignment, state));
    context.triggerAllActions();
    return readers;
  }

  static MillraceEnumeratorState fresh() {
    return new MillraceEnumeratorState(
        new ScanFingerprint("mds", true, 7, 1),
        Optional.empty(),
        EpochProgress.start(0).snapshot(),
        List.of());
  }

  /** The shards of each cache when these are there, of equal capacity. */
  private static Map<String, Set<Integer>> homes(String... caches) {
    RendezvousOwnership ownership = new RendezvousOwnership();
    ownership.shardsAdded(new UnitTable(DATASET).storedBytes());
    for (String cache : caches) {
      ownership.cacheJoined(new CacheIdentity(cache), 1000);
    }
    return IntStream.range(0, SHARDS)
        .boxed()
        .collect(
            groupingBy(
                shard -> ownership.ownerOf(shard).map(CacheIdentity::value).orElseThrow(),
                toSet()));
  }

  private static Set<Integer> shards(List<MillraceSplit> splits) {
    return splits.stream().map(split -> split.shard().index()).collect(toSet());
  }

  private static long bytes(Set<Integer> shards) {
    return shards.stream().mapToLong(shard -> DATASET.shards().get(shard).storedBytes()).sum();
  }

  @Test
  void eachCacheIsGivenItsOwnShardsInEveryEpoch() {
    TestingReaders readers = scan(2, TWO_EPOCHS);
    readers.start(0, "a", 4);
    readers.start(1, "b", 4);
    for (int turn = 0; !readers.isDismissed(0) || !readers.isDismissed(1); turn++) {
      readers.finish(turn % 2, 1);
    }

    assertThat(readers.log()).hasSize(2 * SHARDS);
    Map<String, Set<Integer>> kept =
        readers.log().stream()
            .filter(assigned -> assigned.split().admit())
            .collect(
                groupingBy(
                    TestingReaders.Assigned::cache,
                    mapping(assigned -> assigned.split().shard().index(), toSet())));
    Map<String, Set<Integer>> homes = homes("a", "b");
    assertThat(homes.get("a")).containsAll(kept.get("a"));
    assertThat(homes.get("b")).containsAll(kept.get("b"));
    assertThat(readers.log().stream().filter(assigned -> !assigned.split().admit()).toList())
        .as("given to the other one when it had nothing else")
        .hasSizeLessThan(2 * SHARDS / 10)
        .allSatisfy(
            assigned ->
                assertThat(homes.get(assigned.cache()))
                    .doesNotContain(assigned.split().shard().index()));
  }

  @Test
  void anIdleReaderIsGivenOneUnitOfOthersAtATime() {
    TestingReaders readers = scan(2, new EpochSettings(1, true, 7));
    readers.start(0, "a", 100);
    readers.start(1, "b", 1000);
    Set<Integer> own = homes("a", "b").get("a");
    while (readers.log().stream().filter(a -> a.subtask() == 0).count() < own.size()) {
      readers.finish(0, 0);
    }
    assertThat(shards(readers.held(0))).isEqualTo(own);

    readers.finish(0, own.size() - 2);
    assertThat(readers.held(0)).as("two are left: it is not idle").hasSize(2);
    readers.finish(0, 1);
    assertThat(readers.held(0)).hasSize(2);
    assertThat(readers.held(0).get(1).admit()).isFalse();
    assertThat(own).doesNotContain(readers.held(0).get(1).shard().index());
    readers.finish(0, 0);
    assertThat(readers.held(0)).hasSize(2);
    readers.finish(0, 2);
    assertThat(readers.held(0)).singleElement().matches(split -> !split.admit());
  }

  @Test
  void aReaderThatWasRefusedIsAnsweredWhenTheNextEpochOpens() {
    TestingReaders readers = scan(2, TWO_EPOCHS);
    readers.start(0, "a", 1000);
    readers.start(1, "b", 2);
    Map<String, Set<Integer>> homes = homes("a", "b");
    for (int i = 0; i < 10; i++) {
      readers.finish(0, 0);
    }
    assertThat(shards(readers.held(0))).isEqualTo(homes.get("a"));
    int before = readers.held(0).size();

    while (readers.log().stream().filter(a -> a.subtask() == 1).count() < homes.get("b").size()) {
      assertThat(readers.held(0)).hasSize(before);
      readers.finish(1, 1);
    }

    assertThat(readers.held(0))
        .as("by what the other one was given last")
        .hasSizeGreaterThan(before);
    assertThat(readers.held(0).subList(before, readers.held(0).size()))
        .allMatch(split -> split.epoch() == 1 && split.admit());
  }

  @Test
  void nobodyIsAnsweredBeforeAllHaveNamedTheirCaches() {
    TestingReaders readers = scan(3, TWO_EPOCHS);
    readers.start(0, "a", 4);
    readers.start(1, "b", 4);
    readers.finish(0, 0);
    assertThat(readers.log()).isEmpty();
    assertThat(readers.allOwned(0)).isEmpty();

    readers.start(2, "c", 4);

    Map<String, Set<Integer>> homes = homes("a", "b", "c");
    for (int subtask = 0; subtask < 3; subtask++) {
      assertThat(readers.held(subtask)).hasSize(4);
      assertThat(homes.get(List.of("a", "b", "c").get(subtask)))
          .containsAll(shards(readers.held(subtask)));
    }
  }

  @Test
  void theWaitForCachesEnds() {
    TestingReaders readers = scan(3, TWO_EPOCHS);
    readers.context.triggerAllActions();
    readers.start(0, "a", 4);
    readers.start(1, "b", 4);
    assertThat(readers.log()).isEmpty();
    assertThat(readers.context.getExecutorService().getActivePeriodicScheduledTask())
        .singleElement()
        .satisfies(task -> assertThat(task.getDelay(TimeUnit.MILLISECONDS)).isEqualTo(1000));

    readers.context.triggerAllActions();
    readers.deliver();

    Map<String, Set<Integer>> homes = homes("a", "b");
    assertThat(readers.held(0)).hasSize(4);
    assertThat(homes.get("a")).containsAll(shards(readers.held(0)));
    assertThat(homes.get("b")).containsAll(shards(readers.held(1)));
    readers.context.triggerAllActions(); // a year later
    readers.start(2, "c", 4);
    assertThat(homes("a", "b", "c").get("c")).containsAll(shards(readers.held(2)));
  }

  @Test
  void aSingleReaderAndWhoeverComesFirstAreAnsweredAtOnce() {
    TestingReaders single = scan(1, TWO_EPOCHS);
    single.start(0, "a", 4);
    assertThat(single.held(0)).hasSize(4);

    TestingReaders first = scan(3, TWO_EPOCHS, Assignment.FIRST_COME, fresh());
    first.start(2, "a", 4);
    assertThat(first.held(2)).hasSize(4);
    first.start(1, "b", 4);
    assertThat(first.held(1)).extracting(MillraceSplit::rank).containsExactly(4L, 5L, 6L, 7L);
    for (TestingReaders scan : List.of(single, first)) {
      assertThat(scan.context.getExecutorService().getActivePeriodicScheduledTask()).isEmpty();
      assertThat(scan.context.getSentEvents()).as("all is theirs").isEmpty();
    }
  }

  @Test
  void readersAreToldWhatTheirCachesOwnWheneverThatChanges() {
    TestingReaders readers = scan(3, TWO_EPOCHS);
    readers.start(0, "a", 4);
    readers.start(1, "b", 4);
    readers.start(2, "b", 4);
    long all = DATASET.storedBytes();
    Map<String, Set<Integer>> two = homes("a", "b");
    OwnedBytesEvent ofA = new OwnedBytesEvent(bytes(two.get("a")), all);
    OwnedBytesEvent ofB = new OwnedBytesEvent(bytes(two.get("b")), all);
    assertThat(ofA.ownedBytes() + ofB.ownedBytes()).isEqualTo(all);
    readers.finish(0, 1);
    readers.finish(1, 1);
    assertThat(readers.allOwned(0)).containsExactly(ofA);
    assertThat(readers.allOwned(1)).containsExactly(ofB);
    assertThat(readers.allOwned(2)).containsExactly(ofB);

    readers.enumerator.snapshotState(1);
    readers.fail(2);
    readers.start(2, "c", 4);
    Map<String, Set<Integer>> three = homes("a", "b", "c");
    assertThat(readers.owned(0)).hasValue(new OwnedBytesEvent(bytes(three.get("a")), all));
    assertThat(readers.owned(1)).hasValue(new OwnedBytesEvent(bytes(three.get("b")), all));
    assertThat(readers.owned(2)).hasValue(new OwnedBytesEvent(bytes(three.get("c")), all));

    readers.fail(0);
    readers.start(0, "a", 4);
    assertThat(readers.allOwned(0)).as("the new attempt does not know").hasSize(3);
    assertThat(readers.allOwned(1)).as("the others do").hasSize(2);
  }

  @Test
  void aReaderThatFailedKeepsItsCachesShardsUntilItNamesAnother() {
    TestingReaders readers = scan(2, TWO_EPOCHS);
    readers.start(0, "a", 4);
    readers.start(1, "b", 4);
    readers.enumerator.snapshotState(1);
    Map<String, Set<Integer>> homes = homes("a", "b");

    List<MillraceSplit> lost = readers.fail(1);
    for (int i = 0; i < 20; i++) {
      readers.finish(0, 1);
    }
    assertThat(readers.log()).allMatch(a -> homes.get("a").contains(a.split().shard().index()));
    assertThat(lost).hasSize(4);

    readers.start(1, "c", 4);
    Set<Integer> now = homes("a", "c").get("c");
    assertThat(readers.held(1)).isNotEmpty().allMatch(MillraceSplit::admit);
    assertThat(now).containsAll(shards(readers.held(1)));
    assertThat(readers.owned(0).orElseThrow().ownedBytes())
        .as("nothing is at home where no reader is")
        .isEqualTo(DATASET.storedBytes() - bytes(now));
  }

  @Test
  void anAnswerIsOfTheCachesOwnUnitsOrOfOneOfOthers() {
    TestingReaders readers = scan(2, TWO_EPOCHS);
    readers.start(0, "a", 1000);
    readers.start(1, "b", 2);
    boolean helped = false;
    while (!helped) {
      readers.finish(0, 1000);
      List<MillraceSplit> answer = readers.held(0);
      helped = !answer.get(0).admit();
      assertThat(answer).hasSize(helped ? 1 : answer.size());
      assertThat(answer).allMatch(split -> split.admit() == answer.get(0).admit());
    }
  }

  @Test
  void nothingIsToldToReadersThatAreGone() {
    TestingReaders readers = scan(2, TWO_EPOCHS);
    readers.enumerator.snapshotState(-1);
    readers.start(0, "a", 4);
    readers.start(1, "b", 4);
    // Their region restarts: their splits come back one by one.
    readers.context.registeredReaders().clear();
    readers.enumerator.addSplitsBack(readers.held(1), 1);
    assertThat(readers.allOwned(0)).as("not that all is its own now").hasSize(1);
  }

  @Test
  void splitsThatCameBackGoHomeFirst() {
    TestingReaders readers = scan(3, new EpochSettings(1, true, 7));
    readers.start(0, "a", 4);
    readers.start(1, "b", 4);
    readers.start(2, "b", 4);
    Set<Integer> ofB = homes("a", "b").get("b");
    readers.enumerator.snapshotState(1);

    List<MillraceSplit> lost = readers.fail(1);
    assertThat(lost).hasSize(4).allMatch(MillraceSplit::admit);
    readers.finish(0, 2); // not idle
    assertThat(shards(readers.held(0))).doesNotContainAnyElementsOf(ofB);
    readers.finish(2, 2);

    assertThat(readers.held(2).subList(2, 4)).isEqualTo(lost.subList(0, 2));
    readers.finish(2, 4);
    assertThat(readers.held(2)).startsWith(lost.get(2), lost.get(3));
  }

  @Test
  void anIdleReaderTakesWhatCameBackToOthersAndKeepsNothingOfIt() {
    TestingReaders readers = scan(2, new EpochSettings(1, true, 7));
    readers.start(0, "a", 1000);
    readers.start(1, "b", 4);
    readers.enumerator.snapshotState(1);
    List<MillraceSplit> lost = readers.fail(1);
    while (readers.held(0).size() < homes("a", "b").get("a").size()) {
      readers.finish(0, 0);
    }
    readers.finish(0, 1000);
    assertThat(readers.held(0)).containsExactly(lost.get(0).admitted(false));

    // It fails, too, and the other one comes back: the split is its own again.
    readers.fail(0);
    readers.start(1, "b", 4);
    assertThat(readers.held(1)).startsWith(lost.get(0)).allMatch(MillraceSplit::admit);
  }

  @Test
  void fairSharesAreOfTheCachesOwnPart() {
    TestingReaders readers = scan(3, new EpochSettings(1, true, 7));
    readers.start(0, "a", 1000);
    readers.start(1, "b", 1000);
    readers.start(2, "b", 1000);
    Map<String, Set<Integer>> homes = homes("a", "b");
    int ofA = homes.get("a").size();
    int ofB = homes.get("b").size();

    assertThat(readers.held(0).size()).isBetween(ofA / 2 - 1, ofA / 2 + 1);
    assertThat(readers.held(1).size()).isBetween(ofB * 3 / 16 - 1, ofB / 4 + 1);
    assertThat(readers.held(2).size()).isBetween(ofB * 2 / 16 - 1, ofB / 4);
  }

  @Test
  void shardsThatAreNotSelectedCountForNothing() {
    Set<String> names = new HashSet<>();
    DATASET.shards().stream().limit(SHARDS / 3).forEach(shard -> names.add(shard.name()));
    ShardNames some = names.stream().map(ShardNames::only).reduce(ShardNames::or).orElseThrow();
    TestingReaders readers =
        scan(
            2,
            TWO_EPOCHS.selecting(new ScanSelection(some, EpochRanges.ALL, ScanSelection.NO_LIMIT)));
    readers.start(0, "a", 4);
    readers.start(1, "b", 4);

    long all = bytes(IntStream.range(0, SHARDS / 3).boxed().collect(toSet()));
    assertThat(readers.owned(0).orElseThrow().allBytes()).isEqualTo(all);
    assertThat(
            readers.owned(0).orElseThrow().ownedBytes()
                + readers.owned(1).orElseThrow().ownedBytes())
        .isEqualTo(all);
    assertThat(readers.owned(0).orElseThrow().ownedBytes()).isBetween(all * 2 / 5, all * 3 / 5);
  }

  @Test
  void readersOfABatchJobThatRunOneAfterTheOtherWaitForNobody() {
    TestingReaders readers = scan(4, TWO_EPOCHS);
    readers.enumerator.snapshotState(-1);
    readers.start(0, "a", 4);
    readers.start(1, "b", 4);
    readers.context.triggerAllActions();
    readers.deliver();
    for (int turn = 0; !readers.isDismissed(0) || !readers.isDismissed(1); turn++) {
      readers.finish(turn % 3 == 0 ? 0 : 1, 1);
    }
    assertThat(readers.log()).hasSize(2 * SHARDS);
    readers.start(2, "a", 4);
    readers.start(3, "b", 4);
    assertThat(readers.isDismissed(2)).isTrue();
    assertThat(readers.isDismissed(3)).isTrue();
  }

  @Test
  void aRestoredJobWaitsForCachesAndGoesOnWhereItWas() throws Exception {
    TestingReaders before = scan(2, TWO_EPOCHS);
    before.start(0, "a", 4);
    before.start(1, "b", 4);
    for (int i = 0; i < 9; i++) {
      before.finish(i % 2, 1);
    }
    MillraceEnumeratorState state = before.enumerator.snapshotState(1);

    TestingReaders readers = scan(2, TWO_EPOCHS, Assignment.STICKY, state);
    readers.start(1, "b", 4);
    assertThat(readers.log()).isEmpty();
    readers.start(0, "a", 4);

    Map<String, Set<Integer>> homes = homes("a", "b");
    assertThat(homes.get("a")).containsAll(shards(readers.held(0)));
    assertThat(homes.get("b")).containsAll(shards(readers.held(1)));
    assertThat(readers.log())
        .hasSize(8)
        .allMatch(a -> before.log().stream().noneMatch(b -> b.split().equals(a.split())));
  }
}
