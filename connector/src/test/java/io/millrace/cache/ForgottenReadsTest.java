// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import static io.millrace.cache.TestingExtents.extent;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What policy {@code plan} makes of extents that a job's plan names and nobody uses any more. */
@Tag("unit")
final class ForgottenReadsTest {

  private final PlanPolicy policy = new PlanPolicy();
  private final EpochPlan plan = new EpochPlan();

  @Test
  void whatWasNotUsedForTwoWholeEpochsGoesFirstOldestUseFirst() {
    policy.onPlans(List.of(plan));
    plan.beginEpoch();
    use(0, 100);
    for (int epoch = 0; epoch < 2; epoch++) {
      plan.beginEpoch();
      use(30, 100);
      assertThat(policy.victim(null)).isEqualTo(byHash(0, 100).get(0));
    }
    plan.beginEpoch();

    assertThat(drain(policy, 30)).isEqualTo(inOrder(0, 30));
    assertThat(drain(policy, 70)).isEqualTo(byHash(30, 100));
  }

  /** It may be the rest of one of which most was read before a restart. */
  @Test
  void theFirstEpochCountsForNothing() {
    policy.onPlans(List.of(plan));
    use(0, 100);
    plan.beginEpoch();
    use(90, 100);
    plan.beginEpoch();
    use(50, 100);
    plan.beginEpoch();

    assertThat(drain(policy, 100)).isEqualTo(byHash(0, 100));
  }

  @Test
  void whatIsUsedInEverySecondEpochStays() {
    policy.onPlans(List.of(plan));
    for (int epoch = 0; epoch < 12; epoch++) {
      plan.beginEpoch();
      use(0, epoch % 2 == 0 ? 100 : 50);
      assertThat(policy.victim(null)).isEqualTo(byHash(0, 100).get(0));
    }

    assertThat(drain(policy, 100)).isEqualTo(byHash(0, 100));
  }

  @Test
  void everyPlanJudgesForItself() {
    EpochPlan slow = new EpochPlan();
    policy.onPlans(List.of(plan, slow));
    slow.beginEpoch();
    plan.beginEpoch();
    use(0, 100);
    for (int epoch = 0; epoch < 2; epoch++) {
      plan.beginEpoch();
      use(50, 100);
    }
    plan.beginEpoch();

    // Those that only the slow one may still read are worth less than those that both may.
    assertThat(drain(policy, 50)).containsExactlyInAnyOrderElementsOf(inOrder(0, 50));
  }

  /** However many there are, and whoever asks first. */
  @Test
  void whatIsForgottenIsFoundBeforeAnythingElseIsChosen() {
    AtomicLong asked = new AtomicLong();
    AccessPlan counting =
        new AccessPlan() {
          @Override
          public double readsPerEpoch(Extent extent) {
            asked.incrementAndGet();
            return plan.readsPerEpoch(extent);
          }

          @Override
          public int epochsBegun() {
            return plan.epochsBegun();
          }
        };
    policy.onPlans(List.of(counting));
    int count = 20_000;
    plan.beginEpoch();
    use(0, count);
    for (int epoch = 0; epoch < 2; epoch++) {
      plan.beginEpoch();
      use(500, count);
    }
    plan.beginEpoch();
    asked.set(0);

    for (int i = 0; i < 500; i++) {
      Extent newcomer = extent(count + i, 10);
      assertThat(policy.victim(newcomer)).isEqualTo(extent(i, 10));
      policy.onPinnedOrRemoved(extent(i, 10));
      policy.onUnpinned(newcomer);
    }
    assertThat(asked.get())
        .as("a bounded number each time")
        .isLessThanOrEqualTo(500 * (3 * 16 + 2));
    assertThat(policy.victim(null)).isEqualTo(byHash(500, count + 500).get(0));
  }

  /** As one that is made for a disk which comes back while a job runs. */
  @Test
  void aPolicyThatComesLaterCountsFromThenAndGoesOnWhenOtherPlansCome() {
    for (int epoch = 0; epoch < 5; epoch++) {
      plan.beginEpoch();
    }
    use(0, 100);
    policy.onPlans(List.of(plan));
    for (int epoch = 0; epoch < 2; epoch++) {
      plan.beginEpoch();
      use(50, 100);
      policy.onPlans(List.of(extent -> 0, plan));
      assertThat(policy.victim(null)).isEqualTo(byHash(0, 100).get(0));
    }
    plan.beginEpoch();

    assertThat(drain(policy, 50)).isEqualTo(inOrder(0, 50));
  }

  /** Nothing was used in those between. */
  @Test
  void epochsThatBeginTogetherAreOne() {
    policy.onPlans(List.of(plan));
    plan.beginEpoch();
    use(0, 100);
    plan.beginEpoch();
    use(50, 100);
    for (int i = 0; i < 5; i++) {
      plan.beginEpoch();
    }

    assertThat(drain(policy, 100)).isEqualTo(byHash(0, 100));
  }

  private void use(int from, int to) {
    for (int i = from; i < to; i++) {
      policy.onPinnedOrRemoved(extent(i, 10));
      policy.onUnpinned(extent(i, 10));
    }
  }

  private static List<Extent> inOrder(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> extent(i, 10)).toList();
  }

  /** In the order in which they go if all are still read. */
  private static List<Extent> byHash(int from, int to) {
    PlanPolicy other = new PlanPolicy();
    other.onPlans(List.of(extent -> 1));
    inOrder(from, to).forEach(other::onUnpinned);
    return drain(other, to - from);
  }

  /** The first that go. */
  private static List<Extent> drain(PlanPolicy policy, int count) {
    List<Extent> order = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Extent next = policy.victim(null);
      if (next == null) {
        break;
      }
      order.add(next);
      policy.onPinnedOrRemoved(next);
    }
    return order;
  }
}
