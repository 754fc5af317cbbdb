// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import static io.millrace.cache.TestingExtents.extent;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class PlanPolicyTest {

  private final PlanPolicy policy = new PlanPolicy();
  private final Map<Extent, Double> reads = new HashMap<>();
  private final AtomicLong asked = new AtomicLong();
  private final AccessPlan plan =
      extent -> {
        asked.incrementAndGet();
        return reads.getOrDefault(extent, 0.0);
      };

  @Test
  void choosesTheOldestUseAmongWhatNobodyWillRead() {
    policy.onPlans(List.of(plan));
    reads.put(extent(1, 10), 1.0);
    for (int i = 1; i <= 4; i++) {
      policy.onUnpinned(extent(i, 10));
    }
    policy.onUnpinned(extent(2, 10));

    assertThat(drain()).containsExactly(extent(3, 10), extent(4, 10), extent(2, 10), extent(1, 10));
  }

  @Test
  void choosesTheLowestValueNext() {
    policy.onPlans(List.of(plan, extent -> 0.5));
    for (int i = 0; i < 10; i++) {
      reads.put(extent(i, 10), (double) (i * 7 % 10));
      policy.onUnpinned(extent(i, 10));
    }

    assertThat(drain()).extracting(reads::get).isSorted();
  }

  @Test
  void choosesTheSameAmongEqualsWhateverTheOrderOfUse() {
    policy.onPlans(List.of(extent -> 1));
    List<List<Extent>> orders = new ArrayList<>();
    for (boolean forwards : new boolean[] {true, false}) {
      for (int i = 0; i < 50; i++) {
        policy.onUnpinned(extent(forwards ? i : 49 - i, 10));
      }
      orders.add(drain());
    }

    assertThat(orders.get(0)).hasSize(50).isEqualTo(orders.get(1));
  }

  @Test
  void turnsAwayANewcomerThatIsWorthLessThanAll() {
    policy.onPlans(List.of(plan));
    reads.put(extent(1, 10), 2.0);
    reads.put(extent(2, 10), 1.0);
    reads.put(extent(3, 10), 3.0);
    policy.onUnpinned(extent(1, 10));

    assertThat(policy.victim(extent(2, 10))).isNull();
    assertThat(policy.victim(extent(3, 10))).isEqualTo(extent(1, 10));
    assertThat(policy.victim(null)).as("for working memory").isEqualTo(extent(1, 10));
  }

  @Test
  void choosesNothingWhenThereIsNothing() {
    policy.onUnpinned(extent(1, 10));
    policy.onPinnedOrRemoved(extent(1, 10));
    policy.onPinnedOrRemoved(extent(2, 10));

    assertThat(policy.victim(null)).isNull();
    assertThat(policy.victim(extent(3, 10))).isNull();
  }

  @Test
  void takesAPlanThatFailsForOneThatReadsNothing() {
    policy.onPlans(
        List.of(
            extent -> {
              throw new IllegalStateException("no idea");
            },
            extent -> Double.NaN,
            extent -> -5));
    policy.onUnpinned(extent(1, 10));
    policy.onUnpinned(extent(2, 10));

    assertThat(policy.victim(extent(3, 10))).isEqualTo(extent(1, 10));
  }

  @Test
  void readsValuesAgainAfterPlansChangedAFewAtATime() {
    policy.onPlans(List.of(plan));
    int count = 1000;
    for (int i = 0; i < count; i++) {
      reads.put(extent(i, 10), 1.0);
      policy.onUnpinned(extent(i, 10));
    }
    for (int i = 0; i < count; i++) {
      reads.put(extent(i, 10), i < 10 ? 0.0 : 2.0);
    }
    policy.onPlans(List.of(plan, extent -> 0));
    asked.set(0);

    policy.victim(null);
    assertThat(asked.get()).as("16 in turn and 16 at the front").isLessThanOrEqualTo(32);
    for (int i = 0; i < count / 16 + 1; i++) {
      policy.victim(null);
    }
    Set<Extent> firstTen = new HashSet<>(drain().subList(0, 10));
    assertThat(firstTen).allMatch(extent -> reads.get(extent) == 0);
  }

  @Test
  void noticesInTimeThatAPlanChangedItsMind() {
    policy.onPlans(List.of(plan));
    for (int i = 0; i < 100; i++) {
      reads.put(extent(i, 10), 1.0);
      policy.onUnpinned(extent(i, 10));
    }
    reads.put(extent(50, 10), 0.0);
    for (int i = 0; i < 100; i++) {
      policy.victim(null);
    }

    assertThat(policy.victim(null)).isEqualTo(extent(50, 10));
  }

  @Test
  void isAHeapThatAgreesWithASearch() {
    CandidateHeap heap = new CandidateHeap();
    List<Candidate> all = new ArrayList<>();
    Random random = new Random(7);
    for (int i = 0; i < 5000; i++) {
      if (random.nextInt(5) < 3 || all.isEmpty()) {
        Candidate added = new Candidate(extent(i, 10), random.nextInt(4), i, 0);
        heap.add(added);
        all.add(added);
      } else {
        heap.remove(all.remove(random.nextInt(all.size())));
      }
      Candidate expected = all.stream().reduce((a, b) -> b.goesBefore(a) ? b : a).orElse(null);
      assertThat(heap.first()).isSameAs(expected);
    }
  }

  @Test
  void asksForABoundedNumberOfValuesAtAMillionExtents() {
    policy.onPlans(List.of(plan));
    List<Extent> extents = TestingExtents.extentsOfOneObject(1_000_000, 10);
    extents.forEach(policy::onUnpinned);
    policy.onPlans(List.of(plan, plan));
    asked.set(0);
    int operations = 1000;
    for (int i = 0; i < operations; i++) {
      Extent victim = policy.victim(extents.get(i));
      policy.onPinnedOrRemoved(victim);
      policy.onUnpinned(victim);
    }

    // Per round two plans each: 16 stale ones by both calls, 16 at the front, newcomer, arrival.
    assertThat(asked.get()).isLessThanOrEqualTo(operations * 2L * (3 * 16 + 2));
  }

  @Test
  void takesNoNoticeOfAPlanThatAnswersNothing() {
    policy.onPlans(List.of(extent -> Double.NaN, plan, extent -> -3));
    for (int i = 0; i < 10; i++) {
      reads.put(extent(i, 10), (double) (i * 7 % 10));
      policy.onUnpinned(extent(i, 10));
    }

    assertThat(drain()).extracting(reads::get).isSorted();
  }

  private List<Extent> drain() {
    List<Extent> order = new ArrayList<>();
    for (Extent next = policy.victim(null); next != null; next = policy.victim(null)) {
      order.add(next);
      policy.onPinnedOrRemoved(next);
    }
    return order;
  }
}
