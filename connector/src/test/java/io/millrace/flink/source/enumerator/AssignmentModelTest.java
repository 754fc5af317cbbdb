// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.scan.Assignment;
import io.millrace.flink.scan.EpochSettings;
import io.millrace.flink.scan.ScanSelection;
import io.millrace.flink.scan.ScanStart;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.plan.EpochPosition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Scans of all kinds with readers that ask in any order, fail, and come back to other caches: as
 * long as something is left, somebody has something to do, and in the end every unit was given
 * once.
 */
@Tag("unit")
class AssignmentModelTest {

  private static final int SCANS = 150;
  private static final int UNITS = 60;
  private static final int SAMPLES = 10;

  @Test
  void everyUnitIsGivenOnceAndNobodyWaitsForEver() {
    int failures = 0;
    int helped = 0;
    for (int seed = 0; seed < SCANS; seed++) {
      Scan scan = new Scan(seed);
      scan.run();
      scan.check();
      failures += scan.failures;
      helped += scan.readers.log().stream().anyMatch(a -> !a.split().admit()) ? 1 : 0;
    }
    assertThat(failures).as("it is tried").isGreaterThan(SCANS / 4);
    assertThat(helped).as("it is tried").isGreaterThan(SCANS / 4);
  }

  private static final class Scan {
    private final int seed;
    private final Random random;
    private final int parallelism;

    /** Readers that run at a time: fewer than there are only in a batch job. */
    private final int slots;

    private final EpochSettings epochs;
    private final TestingReaders readers;
    private final List<Integer> toStart = new ArrayList<>();
    private int failures;

    private Scan(int seed) {
      this.seed = seed;
      random = new Random(seed);
      parallelism = 1 + random.nextInt(5);
      boolean batch = random.nextInt(3) == 0;
      slots = batch ? 1 + random.nextInt(parallelism) : parallelism;
      epochs = randomEpochs();
      readers =
          StickyAssignmentTest.scan(
              parallelism,
              epochs,
              random.nextInt(5) == 0 ? Assignment.FIRST_COME : Assignment.STICKY,
              StickyAssignmentTest.fresh());
      readers.enumerator.snapshotState(batch ? -1 : 1);
      IntStream.range(0, parallelism).forEach(toStart::add);
    }

    private EpochSettings randomEpochs() {
      EpochSettings all =
          new EpochSettings(1 + random.nextInt(4), random.nextBoolean(), seed)
              .withBarrier(random.nextInt(3) == 0);
      if (random.nextInt(4) == 0) {
        all = all.selecting(ScanSelection.ALL.limitedTo(1 + random.nextInt(UNITS * SAMPLES)));
      }
      return random.nextInt(4) == 0
          ? all.from(
              new ScanStart(
                  random.nextInt(all.epochs()),
                  EpochPosition.of(random.nextInt(UNITS), random.nextInt(SAMPLES))))
          : all;
    }

    private void run() {
      boolean waited = false;
      while (true) {
        List<Integer> running =
            IntStream.range(0, parallelism).filter(readers::isRunning).boxed().toList();
        List<Integer> busy = running.stream().filter(r -> !readers.held(r).isEmpty()).toList();
        long slotsLeft =
            slots
                - running.stream().filter(r -> busy.contains(r) || !readers.isDismissed(r)).count();
        if (!toStart.isEmpty() && slotsLeft > 0 && (busy.isEmpty() || random.nextBoolean())) {
          int subtask = toStart.remove(random.nextInt(toStart.size()));
          readers.start(
              subtask,
              "cache-" + random.nextInt(3),
              random.nextInt(9) == 0 ? 0 : 1000,
              2 + random.nextInt(20));
        } else if (!busy.isEmpty()) {
          act(busy.get(random.nextInt(busy.size())));
        } else if (toStart.isEmpty() && running.stream().allMatch(readers::isDismissed)) {
          return;
        } else {
          assertThat(waited).as("seed %d: somebody can go on", seed).isFalse();
          waited = true;
          readers.context.triggerAllActions();
          readers.deliver();
        }
      }
    }

    private void act(int subtask) {
      if (failures < 3 && !readers.isDismissed(subtask) && random.nextInt(40) == 0) {
        failures++;
        readers.fail(subtask);
        toStart.add(subtask);
      } else {
        readers.finish(subtask, 1 + random.nextInt(readers.held(subtask).size()));
      }
    }

    private void check() {
      List<MillraceSplit> splits =
          readers.log().stream().map(TestingReaders.Assigned::split).toList();
      Set<String> expected = new HashSet<>();
      for (int epoch = epochs.start().epoch(); epoch < epochs.epochs(); epoch++) {
        for (long rank = 0; rank < UNITS; rank++) {
          if (epoch > epochs.start().epoch() || rank >= epochs.start().rank()) {
            expected.add(epoch + "-" + rank);
          }
        }
      }
      Set<String> given = new HashSet<>(splits.stream().map(MillraceSplit::splitId).toList());
      assertThat(splits).as("seed %d: none twice", seed).hasSize(given.size());
      if (epochs.selection().limit() == ScanSelection.NO_LIMIT) {
        assertThat(given).as("seed %d", seed).isEqualTo(expected);
      } else {
        long samples = splits.stream().mapToLong(s -> s.samples() - s.consumed()).sum();
        assertThat(expected).as("seed %d", seed).containsAll(given);
        assertThat(samples >= epochs.selection().limit() || given.equals(expected))
            .as("seed %d: %d samples", seed, samples)
            .isTrue();
      }
    }
  }
}
