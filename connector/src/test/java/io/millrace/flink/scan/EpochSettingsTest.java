// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plan.EpochPosition;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class EpochSettingsTest {

  private static final EpochSettings FIVE = new EpochSettings(5, true, 7);

  private static EpochSettings selecting(EpochSettings settings, EpochRanges epochs) {
    return settings.selecting(new ScanSelection(ShardNames.ALL, epochs, ScanSelection.NO_LIMIT));
  }

  @Test
  void readsEverythingUnlessToldOtherwise() {
    assertThat(FIVE.start()).isEqualTo(ScanStart.BEGINNING);
    assertThat(FIVE.start().isBeginning()).isTrue();
    assertThat(FIVE.barrier()).isFalse();
    assertThat(FIVE.first()).hasValue(0);
    assertThat(FIVE.selected()).isEqualTo(5);
    assertThat(FIVE.startsWithinEpoch()).isFalse();
  }

  @Test
  void countsEpochsFromTheStart() {
    EpochSettings third = FIVE.from(new ScanStart(2, 0));

    assertThat(third.first()).hasValue(2);
    assertThat(third.selected()).isEqualTo(3);
    assertThat(third.isLast(4)).isTrue();
    assertThat(third.isLast(3)).isFalse();
    assertThat(third.from(1)).as("a checkpoint may be there").hasValue(1);
    assertThat(FIVE.from(new ScanStart(4, 0)).selected()).isEqualTo(1);
  }

  @Test
  void keepsTheStartAndTheBarrierWhenAPartIsSelected() {
    ScanStart start = new ScanStart(2, EpochPosition.of(3, 4));
    EpochSettings some = selecting(FIVE.from(start).withBarrier(true), EpochRanges.between(1, 3));

    assertThat(some.start()).isEqualTo(start);
    assertThat(some.barrier()).isTrue();
    assertThat(some.first()).hasValue(2);
    assertThat(some.selected()).isEqualTo(2);
    assertThat(some.startsWithinEpoch()).isTrue();
  }

  @Test
  void thePositionIsOfTheStartEpochAlone() {
    EpochSettings within = FIVE.from(new ScanStart(2, EpochPosition.of(3, 4)));

    EpochSettings later = selecting(within, EpochRanges.between(3, 4));
    assertThat(later.first()).hasValue(3);
    assertThat(later.startsWithinEpoch()).isFalse();
    assertThatCode(() -> later.checkStart(1)).doesNotThrowAnyException();

    EpochSettings earlier = selecting(within, EpochRanges.between(0, 1));
    assertThat(earlier.first()).isEqualTo(OptionalInt.empty());
    assertThat(earlier.selected()).isZero();
    assertThat(earlier.startsWithinEpoch()).isFalse();
  }

  @Test
  void almostAnyEpochCanBeTheFirstWhereThereIsNoLast() {
    EpochSettings unbounded = new EpochSettings(EpochSettings.UNBOUNDED, false, 0);
    EpochSettings late = unbounded.from(new ScanStart(1 << 30, 0));

    assertThat(late.first()).hasValue(1 << 30);
    assertThat(late.isBounded()).isFalse();
    assertThatThrownBy(() -> unbounded.from(new ScanStart(Integer.MAX_VALUE, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot use scan.start.epoch = 2147483647 with scan.epochs = unbounded: it must be at"
                + " most 1073741824, so that there are numbers for the epochs after it");
  }

  @Test
  void splitsAPositionIntoRankAndPlace() {
    ScanStart start = new ScanStart(0, EpochPosition.of(3, 4));
    assertThat(start.rank()).isEqualTo(3);
    assertThat(start.place()).isEqualTo(4);
    assertThat(start.isBeginning()).isFalse();
  }

  @Test
  void refusesAPositionOfAUnitThatIsNot() {
    EpochSettings within = FIVE.from(new ScanStart(2, EpochPosition.of(10, 0)));
    assertThatCode(() -> within.checkStart(11)).doesNotThrowAnyException();
    assertThatThrownBy(() -> within.checkStart(10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot use scan.start.position = 42949672960: it is in the unit of rank 10, but an"
                + " epoch has 10 units, of ranks from 0 on; take the epoch_position of a sample of"
                + " this dataset, or set scan.start.epoch = 3 and leave scan.start.position out for"
                + " the epoch after");
  }

  @Test
  void refusesAnEpochThatIsNotRead() {
    assertThatThrownBy(() -> FIVE.from(new ScanStart(5, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot use scan.start.epoch = 5 with scan.epochs = 5: epochs are counted from 0, so"
                + " that the last one is 4; set scan.epochs to more than 5, or start at an earlier"
                + " one");
  }

  @Test
  void refusesAStartInADatasetThatGrows() {
    EpochSettings growing = new EpochSettings(1, false, 0, Duration.ofSeconds(1));
    assertThatThrownBy(() -> growing.from(new ScanStart(0, 5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot use scan.start.position = 5 with scan.discovery.interval = PT1S: a dataset to"
                + " which shards are added has one epoch, the order of which grows with it; leave"
                + " one of the two out");
    assertThatThrownBy(() -> growing.from(new ScanStart(1, 5)))
        .hasMessageStartingWith("Cannot use scan.start.epoch = 1 with scan.discovery.interval");
  }

  @Test
  void refusesNegativeStarts() {
    assertThatThrownBy(() -> new ScanStart(-1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot start at epoch -1, position 0: neither scan.start.epoch nor"
                + " scan.start.position may be negative");
    assertThatThrownBy(() -> new ScanStart(0, -1)).isInstanceOf(IllegalArgumentException.class);
  }
}
