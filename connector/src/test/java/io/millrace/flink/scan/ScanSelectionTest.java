// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ScanSelectionTest {

  private static final int EPOCHS = 12;
  private static final List<String> SHARDS = List.of("a", "b", "c", "d");

  private static Set<Integer> members(EpochRanges ranges) {
    return Set.copyOf(
        IntStream.range(0, EPOCHS)
            .filter(epoch -> ranges.from(epoch).equals(OptionalInt.of(epoch)))
            .boxed()
            .toList());
  }

  private static Set<String> members(ShardNames names) {
    return Set.copyOf(SHARDS.stream().filter(names::has).toList());
  }

  @Test
  void setsOfEpochsCombineAsSetsDo() {
    Random random = new Random(4);
    List<EpochRanges> sets = new ArrayList<>(List.of(EpochRanges.ALL));
    for (int i = 0; i < 500; i++) {
      EpochRanges left = sets.get(random.nextInt(sets.size()));
      EpochRanges right = sets.get(random.nextInt(sets.size()));
      int first = random.nextInt(EPOCHS);
      EpochRanges range = EpochRanges.between(first, first + random.nextInt(4) - 1);
      for (EpochRanges other : List.of(right, range)) {
        assertThat(members(left.or(other)))
            .containsExactlyInAnyOrderElementsOf(
                Stream.concat(members(left).stream(), members(other).stream()).distinct().toList());
        assertThat(members(left.and(other)))
            .containsExactlyInAnyOrderElementsOf(
                members(left).stream().filter(members(other)::contains).toList());
      }
      assertThat(members(left.not()))
          .hasSize(EPOCHS - members(left).size())
          .noneMatch(members(left)::contains);
      assertThat(left.countBelow(EPOCHS)).isEqualTo(members(left).size());
      sets.add(i % 2 == 0 ? left.or(range) : left.and(range.not()));
    }
    assertThat(sets).anyMatch(set -> set.ranges().size() > 2);
  }

  @Test
  void rangesReachFromTheFirstEpochToTheLastThatThereCanBe() {
    assertThat(EpochRanges.between(-5, -1).ranges()).isEmpty();
    assertThat(EpochRanges.between(-5, Long.MAX_VALUE)).isEqualTo(EpochRanges.ALL);
    assertThat(EpochRanges.ALL.not().ranges()).isEmpty();
    assertThat(EpochRanges.ALL.not().not()).isEqualTo(EpochRanges.ALL);
    assertThat(EpochRanges.ALL.countBelow(7)).isEqualTo(7);
    assertThat(EpochRanges.between(0, 2).or(EpochRanges.between(3, 5)))
        .isEqualTo(EpochRanges.between(0, 5));
    assertThat(EpochRanges.between(4, 5).from(0)).hasValue(4);
    assertThat(EpochRanges.between(4, 5).from(6)).isEmpty();
  }

  @Test
  void setsOfShardsCombineAsSetsDo() {
    List<ShardNames> sets = new ArrayList<>();
    for (String shard : SHARDS) {
      sets.add(ShardNames.only(shard));
      sets.add(ShardNames.only(shard).not());
      sets.add(ShardNames.only(shard).or(ShardNames.only("b")));
      sets.add(ShardNames.only(shard).or(ShardNames.only("c")).not());
    }
    sets.add(ShardNames.ALL);
    for (ShardNames left : sets) {
      for (ShardNames right : sets) {
        for (String shard : SHARDS) {
          assertThat(left.and(right).has(shard)).isEqualTo(left.has(shard) && right.has(shard));
          assertThat(left.or(right).has(shard)).isEqualTo(left.has(shard) || right.has(shard));
          assertThat(left.not().has(shard)).isNotEqualTo(left.has(shard));
        }
      }
    }
    assertThat(members(ShardNames.ALL)).hasSize(4);
    assertThat(members(ShardNames.only("a").and(ShardNames.only("b")))).isEmpty();
  }

  @Test
  void theLowerLimitHolds() {
    ScanSelection five = ScanSelection.ALL.limitedTo(5);
    assertThat(five.limitedTo(7).limit()).isEqualTo(5);
    assertThat(five.and(ScanSelection.ALL)).isEqualTo(five);
    assertThat(five.hasAllShards()).isTrue();
  }

  @Test
  void epochsThatAreNotSelectedArePassedOver() {
    EpochRanges some = EpochRanges.between(1, 1).or(EpochRanges.between(3, 100));
    EpochSettings settings =
        new EpochSettings(5, false, 0)
            .selecting(new ScanSelection(ShardNames.ALL, some, ScanSelection.NO_LIMIT));
    assertThat(settings.from(0)).hasValue(1);
    assertThat(settings.from(2)).hasValue(3);
    assertThat(settings.from(5)).isEmpty();
    assertThat(settings.selected()).isEqualTo(3);
    assertThat(settings.isLast(3)).isFalse();
    assertThat(settings.isLast(4)).isTrue();
    assertThat(new EpochSettings(EpochSettings.UNBOUNDED, false, 0).isLast(1_000_000)).isFalse();
  }

  @Test
  void aLimitBelowZeroIsRefused() {
    assertThatThrownBy(() -> ScanSelection.ALL.limitedTo(-2147483639L))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot read at most -2147483639 samples");
    assertThat(ScanSelection.ALL.limitedTo(0).limit()).isZero();
  }

  @Test
  void itsTextIsThatOfEqualSelectionsWhateverTheLimit() {
    ShardNames two = ShardNames.only("b").or(ShardNames.only("it's"));
    ScanSelection some =
        new ScanSelection(two, EpochRanges.between(2, 4).or(EpochRanges.between(7, 7)), 5);
    assertThat(ScanSelection.ALL.text()).isEqualTo("shards all, epochs all");
    assertThat(some.text()).isEqualTo("shards 'b', 'it''s', epochs 2 to 4, 7");
    assertThat(some.limitedTo(3).text()).isEqualTo(some.text());
    assertThat(new ScanSelection(two.not(), EpochRanges.between(1, 0).not(), 1).text())
        .isEqualTo("shards all but 'b', 'it''s', epochs all");
    assertThat(new ScanSelection(two.and(two.not()), EpochRanges.between(9, 1L << 40), 1).text())
        .isEqualTo("shards none, epochs 9 and up");
  }

  @Test
  void aLongConditionHasAShortTextOfItsOwn() {
    ShardNames many = ShardNames.only("0");
    for (int i = 1; i < 1000; i++) {
      many = many.or(ShardNames.only("shard-" + i));
    }
    ScanSelection most = new ScanSelection(many, EpochRanges.ALL, ScanSelection.NO_LIMIT);
    ScanSelection more =
        new ScanSelection(many.or(ShardNames.only("zz")), EpochRanges.ALL, ScanSelection.NO_LIMIT);
    assertThat(most.text()).hasSizeLessThan(300).startsWith("shards '0', 'shard-1', ");
    assertThat(more.text()).hasSameSizeAs(most.text()).isNotEqualTo(most.text());
  }
}
