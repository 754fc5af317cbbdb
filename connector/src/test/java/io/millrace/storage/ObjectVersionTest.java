// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class ObjectVersionTest {

  private static final ObjectVersion FULL = new ObjectVersion(7, 1000, "etag");

  @Test
  void agreesWithWhatDiffersInNothingThatBothTell() {
    assertThat(FULL.agreesWith(FULL)).isTrue();
    assertThat(FULL.agreesWith(new ObjectVersion(7, 1000, ""))).isTrue();
    assertThat(FULL.agreesWith(new ObjectVersion(7, 0, "etag"))).isTrue();
    assertThat(FULL.agreesWith(FULL.withLengthOnly())).isTrue();
    assertThat(FULL.withLengthOnly().agreesWith(FULL)).isTrue();
  }

  @Test
  void disagreesWithAnotherLengthTimeOrTag() {
    assertThat(FULL.agreesWith(new ObjectVersion(8, 1000, "etag"))).isFalse();
    assertThat(FULL.agreesWith(new ObjectVersion(7, 1001, "etag"))).isFalse();
    assertThat(FULL.agreesWith(new ObjectVersion(7, 1000, "other"))).isFalse();
    assertThat(FULL.withLengthOnly().agreesWith(new ObjectVersion(8, 1000, "etag"))).isFalse();
  }

  @Test
  void hasNoTimeAndTagWithLengthOnly() {
    assertThat(FULL.withLengthOnly()).isEqualTo(new ObjectVersion(7, 0, ""));
  }
}
