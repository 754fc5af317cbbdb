// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class FirstComeOwnershipTest extends OwnershipContractTest {
  @Override
  Ownership create() {
    return new FirstComeOwnership();
  }

  @Test
  void whoeverAsksIsGivenTheLowestRankToKeep() {
    Ownership ownership = create();
    ownership.shardsAdded(new long[20]);
    ownership.cacheJoined(A, 0);
    ownership.cacheJoined(B, Long.MAX_VALUE);
    Epoch epoch = new Epoch();

    assertThat(ownership.next(B, true, epoch)).hasValue(new Ownership.Grant(0, true));
    epoch.unassigned.remove(0L);
    assertThat(ownership.next(A, true, epoch)).hasValue(new Ownership.Grant(1, true));
  }

  @Test
  void shardsHaveNoOwners() {
    Ownership ownership = create();
    ownership.shardsAdded(new long[2]);
    ownership.cacheJoined(A, 1);

    assertThat(ownership.ownerOf(0)).isEmpty();
    assertThat(ownership.ownerOf(1)).isEmpty();
  }
}
