// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class CachePoliciesTest {

  @Test
  void makesEachPolicyByItsName() {
    assertThat(CachePolicies.names()).containsExactly("plan", "lru", "none");
    for (String name : CachePolicies.names()) {
      assertThat(CachePolicies.named(name).name()).isEqualTo(name);
    }
  }

  @Test
  void refusesOthersWithTheList() {
    assertThatThrownBy(() -> CachePolicies.named("fifo"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot use cache policy \"fifo\": set cache.policy to one of plan, lru, none");
    assertThatThrownBy(() -> new CacheSettings(1, "LRU"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"LRU\"");
    assertThatThrownBy(() -> new CacheSettings(0, "lru"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot make a cache of 0 bytes; set cache.memory.size to at least 1");
  }
}
