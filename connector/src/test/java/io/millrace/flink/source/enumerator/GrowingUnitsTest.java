// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.flink.scan.EpochSettings;
import io.millrace.flink.scan.ErrorSettings;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.flink.source.split.SplitRequestEvent;
import io.millrace.plan.EpochOrder;
import io.millrace.plan.EpochProgress;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.flink.connector.testutils.source.reader.TestingSplitEnumeratorContext;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class GrowingUnitsTest {

  private static final int NONE = SplitRequestEvent.HOLDS_NONE;
  private static final EpochSettings IN_ORDER =
      new EpochSettings(1, false, 0, Duration.ofSeconds(1));
  private static final EpochSettings SHUFFLED =
      new EpochSettings(1, true, 7, Duration.ofSeconds(1));

  private final MillraceEnumeratorStateSerializer serializer =
      new MillraceEnumeratorStateSerializer();

  /** An enumerator with one reader. */
  private static final class Scan {
    private final TestingSplitEnumeratorContext<MillraceSplit> context =
        new TestingSplitEnumeratorContext<>(1);
    private final MillraceEnumerator enumerator;

    Scan(TestingGrowth dataset, EpochSettings settings, MillraceEnumeratorState state) {
      enumerator =
          MillraceEnumerator.ofGrowing(
              context, dataset, settings, ErrorSettings.FAIL, Duration.ofMinutes(1), state);
      context.registerReader(0, "host");
      enumerator.start();
      enumerator.addReader(0);
    }

    Scan(TestingGrowth dataset, EpochSettings settings) {
      this(dataset, settings, fresh());
    }

    /** The first look and the second one; after that one more. */
    Scan look() {
      Looks.run(context);
      return this;
    }

    Scan request(int wanted) {
      enumerator.handleSourceEvent(
          0, new SplitRequestEvent("cache", 1, assigned().size(), wanted, NONE));
      return this;
    }

    /** All that can be had now. */
    Scan drain() {
      for (int before = -1; before < assigned().size(); ) {
        before = assigned().size();
        request(100);
      }
      return this;
    }

    List<MillraceSplit> assigned() {
      var assignment = context.getSplitAssignments().get(0);
      return assignment == null ? List.of() : new ArrayList<>(assignment.getAssignedSplits());
    }

    List<String> names() {
      return assigned().stream().map(split -> split.shard().name()).toList();
    }
  }

  private static MillraceEnumeratorState fresh() {
    return new MillraceEnumeratorState(
        new ScanFingerprint("mds", false, 0, 1, true, Optional.empty()),
        Optional.empty(),
        EpochProgress.start(0).snapshot(),
        List.of());
  }

  /** The state as a later process reads it. */
  private MillraceEnumeratorState restored(Scan scan) throws IOException {
    byte[] bytes = serializer.serialize(scan.enumerator.snapshotState(1));
    return serializer.deserialize(serializer.getVersion(), bytes);
  }

  @Test
  void readsWhatIsThereAndThenWhatIsAdded() {
    TestingGrowth dataset = new TestingGrowth(true).write("a", 1).write("b", 2);
    Scan scan = new Scan(dataset, IN_ORDER).look().drain();
    assertThat(scan.names()).containsExactly("a", "b");

    scan.look();
    assertThat(scan.names()).as("nothing was added").hasSize(2);
    dataset.write("c", 3).write("d", 4);
    scan.look().drain();

    assertThat(scan.names()).containsExactly("a", "b", "c", "d");
    assertThat(scan.context.getSplitAssignments().get(0).hasReceivedNoMoreSplitsSignal()).isFalse();
  }

  @Test
  void numbersUnitsAndShardsOnFromGenerationToGeneration() {
    TestingGrowth dataset = new TestingGrowth(true).write("a", 1).write("b", 2);
    Scan scan = new Scan(dataset, IN_ORDER).look().drain();
    dataset.write("c", 3);
    scan.look().drain();
    dataset.write("d", 4).write("e", 5);
    scan.look().drain();

    List<MillraceSplit> splits = scan.assigned();
    assertThat(splits).extracting(MillraceSplit::rank).containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(splits).extracting(MillraceSplit::unitId).containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(splits).extracting(split -> split.shard().index()).containsExactly(0, 1, 2, 3, 4);
    assertThat(splits).extracting(MillraceSplit::units).containsExactly(2L, 2L, 3L, 5L, 5L);
    assertThat(splits).allMatch(split -> split.epoch() == 0);
    assertThat(splits).extracting(MillraceSplit::splitId).doesNotHaveDuplicates();
  }

  @Test
  void shufflesWithinAGeneration() {
    TestingGrowth dataset = new TestingGrowth(true);
    for (int i = 0; i < 8; i++) {
      dataset.write("first-" + i, 1 + i);
    }
    Scan scan = new Scan(dataset, SHUFFLED).look().drain();
    for (int i = 0; i < 8; i++) {
      dataset.write("second-" + i, 11 + i);
    }
    scan.look().drain();

    for (int generation = 0; generation < 2; generation++) {
      EpochOrder order = EpochOrder.shuffled(7, generation, 8);
      for (int rank = 0; rank < 8; rank++) {
        MillraceSplit split = scan.assigned().get(8 * generation + rank);
        assertThat(split.rank()).isEqualTo(8L * generation + rank);
        assertThat(split.unitId()).isEqualTo(8L * generation + order.unitAt(rank));
        assertThat(split.shard().name()).startsWith(generation == 0 ? "first-" : "second-");
      }
    }
  }

  /** Where files may be seen while they are written, one look is not enough. */
  @Test
  void takesFilesThatDidNotChangeFromOneLookToTheNext() {
    TestingGrowth dataset = new TestingGrowth(false).write("b", 10).write("c", 20);
    Scan scan = new Scan(dataset, IN_ORDER);
    scan.request(100);
    scan.context.getExecutorService().triggerAll();
    assertThat(dataset.looks()).isEqualTo(1);
    assertThat(scan.assigned()).as("seen once").isEmpty();

    dataset.write("c", 25, 2000).write("d", 30);
    scan.look().drain();
    assertThat(scan.names()).as("c was still being written").containsExactly("b");

    scan.look().drain();
    assertThat(scan.names()).containsExactly("b", "c", "d");
    // Later than all, but before them by its name.
    dataset.write("a", 40);
    scan.look().look().drain();
    assertThat(scan.names()).containsExactly("b", "c", "d", "a");
    assertThat(scan.assigned()).extracting(MillraceSplit::rank).containsExactly(0L, 1L, 2L, 3L);
  }

  @Test
  void opensAGenerationOnlyWhenAllBeforeItIsAssigned() {
    TestingGrowth dataset = new TestingGrowth(true).write("a", 1).write("b", 2);
    Scan scan = new Scan(dataset, IN_ORDER).look().request(1);
    dataset.write("c", 3);
    scan.look();
    dataset.write("d", 4);
    scan.look();
    assertThat(scan.names()).containsExactly("a");
    Generations open = scan.enumerator.snapshotState(1).generations().orElseThrow();
    assertThat(open.open().orElseThrow().mark()).isEqualTo(2);

    scan.drain();

    assertThat(scan.names()).containsExactly("a", "b", "c", "d");
    Generations next = scan.enumerator.snapshotState(2).generations().orElseThrow();
    assertThat(next.finished().end()).isEqualTo(new GenerationStart(1, 2, 2));
    assertThat(next.open().orElseThrow().mark()).isEqualTo(4);
  }

  @Test
  void aWishThatCannotBeAnsweredIsKeptUntilSomethingIsAdded() {
    TestingGrowth dataset = new TestingGrowth(true).write("a", 1);
    Scan scan = new Scan(dataset, IN_ORDER).look().drain();
    dataset.write("b", 2);

    scan.look();

    assertThat(scan.names()).containsExactly("a", "b");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
  void goesOnFromACheckpointWhereverItWasTaken(int assignedBefore) throws IOException {
    TestingGrowth dataset = new TestingGrowth(true).write("d", 1).write("e", 2).write("f", 3);
    Scan first = new Scan(dataset, SHUFFLED).look();
    Scan whole = new Scan(dataset, SHUFFLED).look().drain();
    for (int i = 0; i < Math.min(3, assignedBefore); i++) {
      first.request(1);
    }
    dataset.write("a", 4).write("b", 5).write("c", 6);
    first.look();
    whole.look().drain();
    for (int i = 3; i < assignedBefore; i++) {
      first.request(1);
    }
    MillraceEnumeratorState state = restored(first);
    dataset.write("g", 7).write("_", 8);
    whole.look().drain();

    Scan second = new Scan(dataset, SHUFFLED, state).look().drain().look().drain();

    List<MillraceSplit> both = new ArrayList<>(first.assigned());
    both.addAll(second.assigned());
    assertThat(first.assigned()).hasSize(assignedBefore);
    assertThat(both)
        .extracting(MillraceSplit::rank)
        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
    assertThat(both).extracting(split -> split.shard().name()).doesNotHaveDuplicates();
    if (assignedBefore > 3) { // else the second generation was not opened yet
      assertThat(second.assigned().subList(0, 6 - assignedBefore))
          .isEqualTo(whole.assigned().subList(assignedBefore, 6));
    }
  }

  @Test
  void splitsThatComeBackAreGivenOutAgain() {
    TestingGrowth dataset = new TestingGrowth(true).write("a", 1).write("b", 2);
    Scan scan = new Scan(dataset, IN_ORDER).look().drain();
    MillraceSplit lost = scan.assigned().get(1).at(4);

    scan.enumerator.addSplitsBack(List.of(lost), 0);
    assertThat(scan.enumerator.snapshotState(1).returned()).containsExactly(lost);
    scan.enumerator.addReader(0);
    scan.enumerator.handleSourceEvent(0, new SplitRequestEvent("cache", 1, 0, 5, NONE));

    assertThat(scan.assigned()).hasSize(3).endsWith(lost);
  }

  @Test
  void stateStaysSmallHoweverManyGenerationsThereAre() throws IOException {
    TestingGrowth dataset = new TestingGrowth(true);
    Scan scan = new Scan(dataset, SHUFFLED);
    for (int generation = 1; generation <= 300; generation++) {
      dataset.write(String.format(Locale.ROOT, "%05d", generation), generation);
      scan.look().drain();
    }
    assertThat(scan.assigned()).hasSize(300);
    MillraceEnumeratorState state = scan.enumerator.snapshotState(1);
    assertThat(state.generations().orElseThrow().finished().end())
        .isEqualTo(new GenerationStart(299, 299, 299));
    assertThat(serializer.serialize(state)).hasSizeLessThan(300);

    dataset.write("x", 301);
    Scan second = new Scan(dataset, SHUFFLED, restored(scan)).look().drain();
    assertThat(second.names()).containsExactly("x");
  }

  @Test
  void refusesACheckpointOfADatasetOfWhichSomethingIsMissing() throws IOException {
    TestingGrowth dataset = new TestingGrowth(true).write("a", 1).write("b", 2);
    Scan scan = new Scan(dataset, IN_ORDER).look().drain();
    dataset.write("c", 3);
    scan.look().drain();
    MillraceEnumeratorState state = restored(scan);

    dataset.delete("a");
    assertThatThrownBy(new Scan(dataset, IN_ORDER, state)::look)
        .hasMessageStartingWith(
            "Cannot restore from the checkpoint: dataset changed since the checkpoint: of what was"
                + " read it had 2 objects (")
        .hasMessageContaining("now it has 1 (");
    dataset.write("a", 1).write("c", 3, 999);
    assertThatThrownBy(new Scan(dataset, IN_ORDER, state)::look)
        .hasMessageStartingWith(
            "Cannot restore from the checkpoint: dataset changed since the checkpoint: it had 1"
                + " shards (");
    dataset.write("c", 3);
    assertThat(new Scan(dataset, IN_ORDER, state).look().drain().assigned()).isEmpty();
  }

  @Test
  void namesWhatChangedWhileTheJobRuns() {
    assertChange(true, dataset -> dataset.delete("b"))
        .isEqualTo(
            "file:/growing/b is not there any more as it was: deleted, moved or written anew");
    assertChange(true, dataset -> dataset.write("a", 1, 7))
        .isEqualTo("file:/growing/a had 1000 bytes and has 7");
    assertChange(true, dataset -> dataset.write("0", 1))
        .isEqualTo("file:/growing/0 was added, but shards must be added at the end of the index");
    assertChange(false, dataset -> dataset.write("0", 1))
        .isEqualTo(
            "file:/growing/0 was added, but with a modification time that is not later than that of"
                + " files that were read; give it a later one");
    assertChange(false, dataset -> dataset.write("a", 5))
        .isEqualTo(
            "file:/growing/a is not there any more as it was: deleted, moved or written anew");
  }

  private static AbstractStringAssert<?> assertChange(
      boolean completeWhenSeen, Consumer<TestingGrowth> change) {
    TestingGrowth dataset = new TestingGrowth(completeWhenSeen).write("a", 1).write("b", 2);
    Scan scan = new Scan(dataset, IN_ORDER).look().look().drain();
    dataset.write("c", 3);
    scan.look().look().drain();
    assertThat(scan.names()).containsExactly("a", "b", "c");
    change.accept(dataset);
    List<String> messages = new ArrayList<>();
    assertThatThrownBy(scan::look)
        .isInstanceOf(IllegalStateException.class)
        .satisfies(e -> messages.add(e.getMessage()));
    String prefix = "Cannot go on reading file:/growing: dataset changed: ";
    assertThat(messages.get(0)).startsWith(prefix);
    return assertThat(messages.get(0).substring(prefix.length()));
  }

  @Test
  void looksAgainAfterALookThatFailed() {
    TestingGrowth dataset = new TestingGrowth(true).write("a", 1);
    Scan scan = new Scan(dataset, IN_ORDER);
    dataset.failWith(new FileNotFoundException("no index.json"));
    scan.request(5).look().look();
    assertThat(scan.assigned()).isEmpty();

    dataset.failWith(null);
    scan.look();
    assertThat(scan.names()).containsExactly("a");

    dataset.write("b", 2);
    dataset.failWith(new IOException("connection reset"));
    scan.request(5).look();
    assertThat(scan.names()).containsExactly("a");
    dataset.failWith(null);
    scan.look();
    assertThat(scan.names()).containsExactly("a", "b");
  }

  @Test
  void failsAtOnceWhereAnotherLookDoesNotHelp() {
    TestingGrowth dataset = new TestingGrowth(true).write("a", 1);
    Scan scan = new Scan(dataset, IN_ORDER);
    dataset.failWith(new IllegalArgumentException("a unit does not fit"));

    assertThatThrownBy(scan::look)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a unit does not fit");
  }

  @Test
  void keepsTheRestoredStateUntilItHasLooked() {
    TestingGrowth dataset = new TestingGrowth(true).write("a", 1).write("b", 2);
    MillraceEnumeratorState state =
        new Scan(dataset, IN_ORDER).look().request(1).enumerator.snapshotState(1);

    Scan second = new Scan(dataset, IN_ORDER, state);

    assertThat(second.enumerator.snapshotState(2)).isEqualTo(state);
  }

  @Test
  void passesOverGenerationsWithoutAUnit() {
    TestingGrowth dataset = new TestingGrowth(true);
    Scan scan = new Scan(dataset, IN_ORDER).request(5).look();
    assertThat(scan.assigned()).isEmpty();
    dataset.write("a", 1);
    scan.look();
    assertThat(scan.names()).containsExactly("a");
  }
}
