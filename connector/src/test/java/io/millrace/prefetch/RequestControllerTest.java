// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RequestControllerTest {

  private static final long LATENCY = 1000;

  private final RequestController controller = new RequestController(64);

  @Test
  void beginsWithFourOrTheCeiling() {
    assertThat(controller.requests()).isEqualTo(4);
    assertThat(new RequestController(3).requests()).isEqualTo(3);
    assertThat(controller.latencyNanos()).isEqualTo(-1);
  }

  @Test
  void doublesWhenTheReaderWaitedButOnceInHalfALatency() {
    controller.onOpened(LATENCY);
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
    for (long now = 0; now < 20; now++) {
      bounded.onWaited(now * LATENCY);
    }
    assertThat(bounded.requests()).isEqualTo(50);
  }

  @Test
  void followsTheLatencySlowly() {
    controller.onOpened(800);
    assertThat(controller.latencyNanos()).isEqualTo(800);
    controller.onOpened(1600);
    assertThat(controller.latencyNanos()).isEqualTo(900);
    for (int i = 0; i < 60; i++) {
      controller.onOpened(80);
    }
    assertThat(controller.latencyNanos()).isBetween(80L, 95L);
  }

  @Test
  void takesASixteenthOffAfterFourTimesAsManyResultsWithoutAWait() {
    for (long now = 0; now < 10; now++) {
      controller.onWaited(now * LATENCY);
    }
    assertThat(controller.requests()).isEqualTo(64);
    List<Integer> after = new ArrayList<>();
    for (int results = 1; results <= 256 + 240; results++) {
      controller.onReady(10, 10);
      if (results == 255 || results == 256 || results == 495 || results == 496) {
        after.add(controller.requests());
      }
    }

    assertThat(after).containsExactly(64, 60, 60, 57);
  }

  @Test
  void staysAsLongAsAQuarterOfWhatItHoldsIsUnderWay() {
    for (int i = 0; i < 1000; i++) {
      controller.onReady(75, 100);
    }
    assertThat(controller.requests()).isEqualTo(4);
    controller.onReady(76, 100);
    assertThat(controller.requests()).isEqualTo(3);
  }

  @Test
  void aWaitBeginsTheCountAnew() {
    for (int i = 0; i < 15; i++) {
      controller.onReady(1, 1);
    }
    controller.onWaited(0);
    assertThat(controller.requests()).isEqualTo(8);
    for (int i = 0; i < 31; i++) {
      controller.onReady(1, 1);
    }
    assertThat(controller.requests()).isEqualTo(8);
    controller.onReady(1, 1);
    assertThat(controller.requests()).isEqualTo(7);
  }

  @Test
  void keepsAtLeastOne() {
    for (int i = 0; i < 1000; i++) {
      controller.onReady(1, 1);
    }
    assertThat(controller.requests()).isEqualTo(1);
  }
}
