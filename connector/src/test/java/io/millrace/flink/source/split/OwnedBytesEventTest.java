// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class OwnedBytesEventTest {

  @Test
  void takesItsShareOfWhatAReaderReads() {
    assertThat(new OwnedBytesEvent(30, 120).of(120)).isEqualTo(30);
    assertThat(new OwnedBytesEvent(30, 120).of(40)).isEqualTo(10);
    assertThat(new OwnedBytesEvent(0, 120).of(40)).isZero();
    long unknown = Long.MAX_VALUE;
    assertThat(new OwnedBytesEvent(120, 120).of(unknown)).isEqualTo(unknown);
    assertThat(new OwnedBytesEvent(0, 0).of(7)).as("of a dataset without bytes").isEqualTo(7);
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> new OwnedBytesEvent(2, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot own 2 bytes of 1 in all");
    assertThatThrownBy(() -> new OwnedBytesEvent(-1, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void travels() throws Exception {
    OwnedBytesEvent event = new OwnedBytesEvent(3, 4);
    assertThat(InstantiationUtil.clone(event)).isEqualTo(event);
    SplitRequestEvent request = new SplitRequestEvent("a", 1, 2, 3, 4, 5);
    assertThat(InstantiationUtil.clone(request)).isEqualTo(request);
  }
}
