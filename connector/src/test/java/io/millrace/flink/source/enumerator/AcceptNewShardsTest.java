// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import static io.millrace.flink.source.enumerator.GenerationStart.FIRST;
import static io.millrace.flink.source.enumerator.RestoredScan.THREE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.flink.scan.EpochRanges;
import io.millrace.flink.scan.EpochSettings;
import io.millrace.flink.scan.OnChange;
import io.millrace.flink.scan.ScanSelection;
import io.millrace.flink.scan.ShardNames;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.format.DatasetChangedException;
import io.millrace.plan.CacheIdentity;
import io.millrace.plan.EpochOrder;
import io.millrace.plan.EpochProgress;
import io.millrace.plan.FirstComeOwnership;
import io.millrace.plan.Ownership;
import io.millrace.storage.ObjectLocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Restores of datasets that changed, with {@code fail} and {@code accept-new-shards}. */
@Tag("unit")
class AcceptNewShardsTest {

  private static final String CHANGED =
      "Cannot restore from the checkpoint: dataset changed since the checkpoint: ";

  private final TestingGrowth dataset =
      new TestingGrowth(true).write("a", 1).write("b", 2).write("c", 3);

  /** A checkpoint after so many splits were assigned and read. */
  private MillraceEnumeratorState after(int splits) throws IOException {
    return RestoredScan.of(dataset, OnChange.FAIL, RestoredScan.fresh())
        .readTo(0, splits)
        .checkpoint();
  }

  private void assertFails(OnChange onChange, MillraceEnumeratorState state, String... parts) {
    RestoredScan scan = new RestoredScan(dataset, onChange, THREE, state, 1);
    assertThatThrownBy(scan::find)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(CHANGED)
        .hasMessageContaining("scan.restore.on-change = " + onChange.option())
        .hasMessageContainingAll(parts);
  }

  @ParameterizedTest
  @EnumSource(OnChange.class)
  void anUnchangedDatasetGoesOn(OnChange onChange) throws IOException {
    RestoredScan scan = RestoredScan.of(dataset, onChange, after(2)).readAll(0);

    assertThat(scan.names(0)).containsExactly("0c", "1a", "1b", "1c", "2a", "2b", "2c");
    assertThat(scan.assigned(0)).allMatch(split -> split.incarnation() == 0);
    assertThat(scan.isDone(0)).isTrue();
  }

  @Test
  void theOpenEpochGoesOnWithWhatItBeganWithAndTheNextHasAll() throws IOException {
    MillraceEnumeratorState state = after(2);
    dataset.write("d", 4).write("e", 5);

    RestoredScan scan = RestoredScan.of(dataset, OnChange.ACCEPT_NEW_SHARDS, state).readAll(0);

    assertThat(scan.names(0))
        .containsExactly("0c", "1a", "1b", "1c", "1d", "1e", "2a", "2b", "2c", "2d", "2e");
    assertThat(scan.assigned(0))
        .allSatisfy(
            split -> {
              assertThat(split.units()).isEqualTo(split.epoch() == 0 ? 3 : 5);
              assertThat(split.shard().name()).isEqualTo("abcde".charAt((int) split.unitId()) + "");
              assertThat(split.shard().index()).isEqualTo((int) split.unitId());
            });
    assertThat(scan.isDone(0)).isTrue();
  }

  /** Its order is that of the epoch, over the units that it has. */
  @Test
  void shufflesWhatAnEpochHas() throws IOException {
    EpochSettings shuffled = new EpochSettings(2, true, 7);
    RestoredScan before =
        new RestoredScan(dataset, OnChange.FAIL, shuffled, RestoredScan.fresh(), 1).find();
    MillraceEnumeratorState state = before.readTo(0, 1).checkpoint();
    dataset.write("0", 4).write("d", 5);

    RestoredScan scan =
        new RestoredScan(dataset, OnChange.ACCEPT_NEW_SHARDS, shuffled, state, 1).find();
    scan.readAll(0);

    List<MillraceSplit> all = new ArrayList<>(before.assigned(0));
    all.addAll(scan.assigned(0));
    EpochOrder first = EpochOrder.shuffled(7, 0, 3);
    EpochOrder second = EpochOrder.shuffled(7, 1, 5);
    List<Long> expected = new ArrayList<>();
    for (int rank = 0; rank < 8; rank++) {
      expected.add(rank < 3 ? first.unitAt(rank) : second.unitAt(rank - 3));
    }
    assertThat(all).extracting(MillraceSplit::unitId).containsExactlyElementsOf(expected);
    assertThat(all)
        .extracting(split -> split.shard().name())
        .as("unit numbers are those of the order in which shards were added")
        .containsExactlyElementsOf(
            expected.stream().map(unit -> "abc0d".charAt(unit.intValue()) + "").toList());
  }

  @Test
  void acceptsWhatIsAddedBeforeEachRestore() throws IOException {
    MillraceEnumeratorState state = after(2);
    for (String added : List.of("d", "e", "f")) {
      dataset.write(added, 4 + state.shards().generations().size());
      state = RestoredScan.of(dataset, OnChange.ACCEPT_NEW_SHARDS, state).checkpoint();
    }
    assertThat(state.shards().generations()).hasSize(4);
    assertThat(state.shards().ofEpoch()).isEqualTo(1);
    assertThat(state.shards().units()).isEqualTo(3);

    // To the middle of epoch 1, which has all of them.
    RestoredScan scan = RestoredScan.of(dataset, OnChange.ACCEPT_NEW_SHARDS, state).readTo(0, 4);
    assertThat(scan.names(0)).containsExactly("0c", "1a", "1b", "1c");
    state = scan.checkpoint();
    assertThat(state.shards().ofEpoch()).isEqualTo(4);
    assertThat(state.shards().units()).isEqualTo(6);

    dataset.write("g", 20);
    scan = RestoredScan.of(dataset, OnChange.ACCEPT_NEW_SHARDS, state).readAll(0);
    assertThat(scan.names(0))
        .containsExactly("1d", "1e", "1f", "2a", "2b", "2c", "2d", "2e", "2f", "2g");
  }

  @Test
  void whatWasAcceptedOnceIsCounted() throws IOException {
    MillraceEnumeratorState state = after(2);
    dataset.write("0", 4);
    state = RestoredScan.of(dataset, OnChange.ACCEPT_NEW_SHARDS, state).checkpoint();

    assertThat(RestoredScan.of(dataset, OnChange.FAIL, state).readTo(0, 5).names(0))
        .as("it is found in its place, whatever its name")
        .containsExactly("0c", "1a", "1b", "1c", "10");
    dataset.write("d", 5);
    assertFails(OnChange.FAIL, state, "it had 4 shards, and 1 were added", "accept-new-shards");
    dataset.delete("d");
    dataset.delete("0");
    assertFails(OnChange.ACCEPT_NEW_SHARDS, state, "it had 1 shards (", "now it has 0 (");
    dataset.write("0", 4, 999);
    assertFails(OnChange.FAIL, state, "are not there as they were");
  }

  @Test
  void failSaysWhatOtherChoicesThereAre() throws IOException {
    MillraceEnumeratorState state = after(2);
    dataset.write("d", 4);

    assertFails(
        OnChange.FAIL,
        state,
        "it had 3 shards (",
        "now it has 4 (",
        "to accept-new-shards if shards were added only, or to restart-epoch");
  }

  @ParameterizedTest
  @EnumSource(names = {"FAIL", "ACCEPT_NEW_SHARDS"})
  void whatIsCountedMustBeThereAsItWas(OnChange onChange) throws IOException {
    MillraceEnumeratorState state = after(2);
    dataset.write("b", 2, 999);
    assertFails(onChange, state, "bring the dataset back");
    dataset.write("b", 9, 1000);
    assertThat(RestoredScan.of(dataset, onChange, state).readTo(0, 1).names(0))
        .as("the same in all that a digest has")
        .containsExactly("0c");
    dataset.delete("b");
    assertFails(onChange, state, "it had 3 shards (", "now it has 2 (");
    dataset.write("d", 5);
    assertFails(onChange, state, "restart-epoch");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shardsInBetweenAreNotNew(boolean index) throws IOException {
    TestingGrowth other = new TestingGrowth(index).write("a", 1).write("c", 3);
    MillraceEnumeratorState state =
        RestoredScan.of(other, OnChange.FAIL, RestoredScan.fresh()).checkpoint();
    other.write("b", 2).write("d", 9);

    RestoredScan scan = new RestoredScan(other, OnChange.ACCEPT_NEW_SHARDS, THREE, state, 1);
    assertThatThrownBy(scan::find)
        .hasMessageContaining(
            index
                ? "not at the end of the index: it had 2 shards ("
                : "with a modification time that is not later than theirs: it had 2 shards (");
  }

  @Test
  void anEarlierStateDoesNotSayWhereItsShardsEnd() throws IOException {
    RestoredScan before =
        RestoredScan.of(dataset, OnChange.FAIL, RestoredScan.fresh()).readTo(0, 2);
    MillraceEnumeratorState state = before.checkpointOfVersion(5);
    assertThat(state.shards()).isEqualTo(EpochShards.NONE);

    RestoredScan unchanged = RestoredScan.of(dataset, OnChange.ACCEPT_NEW_SHARDS, state);
    assertThat(unchanged.readTo(0, 1).names(0)).containsExactly("0c");
    assertThat(unchanged.checkpoint().shards().marks()).containsExactly(3);
    dataset.write("d", 4);
    assertFails(OnChange.ACCEPT_NEW_SHARDS, state, "cannot be told", "an earlier Millrace");
  }

  @Test
  void aDatasetThatCannotGrowRestoresWithoutMarks() throws IOException {
    EpochDiscovery discovery = new EpochDiscovery(dataset::manifest, null, OnChange.FAIL);
    EpochDataset found = found(discovery);
    assertThat(found.counted().generations()).isEmpty();
    MillraceEnumeratorState state = after(2);
    dataset.write("d", 4);
    state = RestoredScan.of(dataset, OnChange.ACCEPT_NEW_SHARDS, state).checkpoint();
    EpochShards several = state.shards();

    assertThatThrownBy(() -> discovery.restore(found.manifest(), several))
        .hasMessageContaining("only in a dataset of one part without partitions");
  }

  private static EpochDataset found(EpochDiscovery discovery) throws IOException {
    try {
      return discovery.find();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  @Test
  void aListingThatFindsAChangeSaysSo() throws IOException {
    MillraceEnumeratorState state = after(2);
    dataset.write("d", 4);
    dataset.failWith(
        new DatasetChangedException(ObjectLocation.of("file:/growing"), "its fields are others"));

    assertFails(OnChange.ACCEPT_NEW_SHARDS, state, "its fields are others");
  }

  @Test
  void whatAQuerySelectsMayBeNew() throws IOException {
    EpochSettings some =
        THREE.selecting(
            new ScanSelection(ShardNames.only("e"), EpochRanges.ALL, ScanSelection.NO_LIMIT));
    MillraceEnumeratorState state =
        new RestoredScan(dataset, OnChange.FAIL, some, RestoredScan.fresh(), 1).find().checkpoint();
    dataset.write("d", 4).write("e", 5);

    RestoredScan scan =
        new RestoredScan(dataset, OnChange.ACCEPT_NEW_SHARDS, some, state, 1).find();

    assertThat(scan.readAll(0).names(0)).containsExactly("1e", "2e");
    assertThat(scan.isDone(0)).isTrue();
  }

  /** With the epoch that has them, once. */
  @Test
  void ownershipKnowsShardsThatWereAddedFromTheirFirstEpochOn() {
    List<String> added = new ArrayList<>();
    Ownership ownership = recording(added);
    UnitTable all = new UnitTable(dataset.write("d", 4, 77).manifest().shards(), FIRST);
    dataset.delete("d");
    UnitTable open = new UnitTable(dataset.manifest().shards(), FIRST);
    UnitAssigner assigner =
        new UnitAssigner(open, THREE, ownership, EpochProgress.start(0).snapshot());
    CacheIdentity cache = new CacheIdentity("cache");
    assigner.ownership().cacheJoined(cache, 1);
    assigner.laterEpochsHave(all);
    for (int i = 0; i < 3; i++) {
      assertThat(assigner.next(cache, 9)).isPresent();
    }
    assertThat(added).containsExactly("[1000, 1000, 1000]");

    for (int i = 0; i < 8; i++) {
      assertThat(assigner.next(cache, 9)).isPresent();
    }

    assertThat(assigner.next(cache, 9)).isEmpty();
    assertThat(added).filteredOn(bytes -> !bytes.equals("[]")).endsWith("[77]").hasSize(2);
  }

  private static Ownership recording(List<String> added) {
    FirstComeOwnership all = new FirstComeOwnership();
    return new Ownership() {
      @Override
      public void shardsAdded(long[] storedBytes) {
        added.add(Arrays.toString(storedBytes));
        all.shardsAdded(storedBytes);
      }

      @Override
      public void cacheJoined(CacheIdentity cache, long capacityBytes) {
        all.cacheJoined(cache, capacityBytes);
      }

      @Override
      public void cacheLeft(CacheIdentity cache) {
        all.cacheLeft(cache);
      }

      @Override
      public Optional<CacheIdentity> ownerOf(int shard) {
        return all.ownerOf(shard);
      }

      @Override
      public long ownedBytes(CacheIdentity cache) {
        return all.ownedBytes(cache);
      }

      @Override
      public Optional<Grant> next(CacheIdentity cache, boolean idle, UnassignedRanks unassigned) {
        return all.next(cache, idle, unassigned);
      }
    };
  }

  /** Also near the end of the open epoch: more comes after it. */
  @Test
  void givesAFairShareOfWhatTheNextEpochHas() throws IOException {
    MillraceEnumeratorState state = after(2);
    for (int i = 0; i < 20; i++) {
      dataset.write("d" + (char) ('a' + i), 4 + i);
    }
    RestoredScan scan =
        new RestoredScan(dataset, OnChange.ACCEPT_NEW_SHARDS, THREE, state, 2).find();

    scan.request(1, 0, RestoredScan.NONE);
    scan.request(0, 100, RestoredScan.NONE);

    assertThat(scan.assigned(0)).as("of 1 + 23 for two readers").hasSize(6);
  }
}
