// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class RequestControllerTest {

  private static final long LATENCY = 1000;
  private static final long LARGE = 4 << 20;
  private static final long SMALL = 100_000;

  private final RequestController controller = new RequestController(64);

  @Test
  void beginsWithFourOrTheCeiling() {
    assertThat(controller.requests()).isEqualTo(4);
    assertThat(new RequestController(3).requests()).isEqualTo(3);
    assertThat(controller.latencyNanos()).isEqualTo(-1);
  }

  @Test
  void doublesWhenTheReaderWaitedButOnceInHalfALatency() {
    controller.onRequestEnded(LATENCY, LARGE);
    controller.onWaited(0);
    assertThat(controller.requests()).isEqualTo(8);
    controller.onWaited(LATENCY / 2 - 1);
    assertThat(controller.requests()).isEqualTo(8);
    controller.onWaited(LATENCY / 2);
    assertThat(controller.requests()).isEqualTo(16);
    controller.onWaited(LATENCY - 1);
    assertThat(controller.requests()).isEqualTo(16);
    controller.onWaited(LATENCY);
    assertThat(controller.requests()).isEqualTo(32);
  }

  @Test
  void neverExceedsItsCeiling() {
    RequestController bounded = new RequestController(50);
    bounded.onRequestEnded(1, LARGE);
    for (long now = 0; now < 20; now++) {
      bounded.onWaited(now * LATENCY);
    }
    assertThat(bounded.requests()).isEqualTo(50);
  }

  @Test
  void followsTheLatencySlowly() {
    controller.onRequestEnded(800, LARGE);
    assertThat(controller.latencyNanos()).isEqualTo(800);
    controller.onRequestEnded(1600, LARGE);
    assertThat(controller.latencyNanos()).isEqualTo(900);
    for (int i = 0; i < 60; i++) {
      controller.onRequestEnded(80, LARGE);
    }
    assertThat(controller.latencyNanos()).isBetween(80L, 95L);
  }

  @Test
  void takesASixteenthOffAfterFourTimesAsManyResultsWithoutAWait() {
    controller.onRequestEnded(1, LARGE);
    for (long now = 0; now < 10; now++) {
      controller.onWaited(now * LATENCY);
    }
    assertThat(controller.requests()).isEqualTo(64);
    List<Integer> after = new ArrayList<>();
    for (int results = 1; results <= 256 + 240; results++) {
      controller.onReady(1, 10, 10, true);
      if (results == 255 || results == 256 || results == 495 || results == 496) {
        after.add(controller.requests());
      }
    }

    assertThat(after).containsExactly(64, 60, 60, 57);
  }

  @Test
  void staysAsLongAsAQuarterOfWhatItHoldsIsUnderWay() {
    for (int i = 0; i < 1000; i++) {
      controller.onReady(1, 75, 100, true);
    }
    assertThat(controller.requests()).isEqualTo(4);
    controller.onReady(1, 76, 100, true);
    assertThat(controller.requests()).isEqualTo(3);
  }

  @Test
  void aWaitBeginsTheCountAnew() {
    for (int i = 0; i < 15; i++) {
      controller.onReady(1, 1, 1, true);
    }
    controller.onWaited(0);
    assertThat(controller.requests()).isEqualTo(8);
    for (int i = 0; i < 31; i++) {
      controller.onReady(1, 1, 1, true);
    }
    assertThat(controller.requests()).isEqualTo(8);
    controller.onReady(1, 1, 1, true);
    assertThat(controller.requests()).isEqualTo(7);
  }

  @Test
  void keepsAtLeastOne() {
    for (int i = 0; i < 1000; i++) {
      controller.onReady(1, 1, 1, true);
    }
    assertThat(controller.requests()).isEqualTo(1);
  }

  @Test
  void raisesOnlyOnceBeforeItKnowsALatency() {
    controller.onWaited(0);
    controller.onWaited(1_000_000);

    assertThat(controller.requests()).isEqualTo(8);
  }

  @Test
  void allowsSixteenTimesAsManySmallRequests() {
    controller.onRequestEnded(1, SMALL);
    for (long now = 0; now < 20; now++) {
      controller.onWaited(now * LATENCY);
    }
    assertThat(controller.requests()).isEqualTo(16 * 64);

    for (int i = 0; i < 8; i++) {
      controller.onRequestEnded(1, LARGE);
    }
    assertThat(controller.requests()).as("what comes now is large").isEqualTo(64);
  }

  @Test
  void whatBringsNextToNothingCostsASixteenthOfATurn() {
    RequestController controller = new RequestController(64);
    assertThat(controller.cost(1)).as("nothing to compare with").isEqualTo(16);
    controller.onRequestEnded(1, 4 << 20);
    assertThat(controller.cost((256 << 10) - 1)).isEqualTo(1);
    assertThat(controller.cost(256 << 10)).isEqualTo(16);
  }

  @Test
  void whatCostTheOriginNothingSaysNothingOfRequests() {
    for (int i = 0; i < 1000; i++) {
      controller.onReady(0, 1, 1, true);
    }
    assertThat(controller.requests()).isEqualTo(4);
    controller.onReady(16, 1, 1, true);
    assertThat(controller.requests()).as("one result of sixteen extents").isEqualTo(3);
  }

  @Test
  void looksAheadForFourTasksARequestOrSixteenLatencies() {
    assertThat(controller.lookAhead()).isEqualTo(16);
    controller.onOpened(200);
    controller.onUsed(10);
    assertThat(controller.lookAhead()).isEqualTo(16 * 200 / 10 + 1);
    for (int i = 0; i < 100; i++) {
      controller.onUsed(10_000);
    }
    assertThat(controller.lookAhead()).as("of a slow reader").isEqualTo(16);
  }

  @Test
  void staysAsLongAsMoreWouldBeHeldWithMoreRequests() {
    for (int i = 0; i < 1000; i++) {
      controller.onReady(1, 1, 1, false);
    }
    assertThat(controller.requests()).isEqualTo(4);
  }

  @Test
  void looksAgainAfterHalfALatency() {
    assertThat(controller.lookNanos()).as("before it knows one").isEqualTo(1_000_000);
    controller.onRequestEnded(200_000_000, LARGE);
    assertThat(controller.lookNanos()).isEqualTo(100_000_000);
    RequestController fast = new RequestController(64);
    fast.onRequestEnded(20_000, LARGE);
    assertThat(fast.lookNanos()).isEqualTo(1_000_000);
  }
}
