// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.flink.source.split.SplitRequestEvent;
import io.millrace.plan.CacheIdentity;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ReaderRegistryTest {

  private static final int NONE = SplitRequestEvent.HOLDS_NONE;

  private final ReaderRegistry readers = new ReaderRegistry();

  private void request(int subtask, long received, int wanted, int oldestEpoch) {
    readers.requested(
        subtask, new SplitRequestEvent("cache-" + subtask, 100, received, wanted, oldestEpoch));
  }

  @Test
  void knowsWhoWaitsAndForWhat() {
    readers.started(0);
    readers.started(2);
    readers.started(1);
    assertThat(readers.waiting()).isEmpty();

    request(2, 0, 3, NONE);
    request(0, 0, 1, NONE);

    assertThat(readers.waiting()).containsExactly(0, 2);
    assertThat(readers.wantedBy(2)).isEqualTo(3);
    assertThat(readers.wantedBy(1)).isZero();
    assertThat(readers.wantedBy(9)).isZero();
    assertThat(readers.cacheOf(2)).isEqualTo(new CacheIdentity("cache-2"));
    assertThat(readers.cacheCapacityOf(2)).isEqualTo(100);
    assertThat(readers.cacheCapacityOf(9)).isZero();
    assertThatThrownBy(() -> readers.cacheOf(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Reader 1 has not named its cache");
  }

  @Test
  void takesAssignmentsUnderWayIntoAccount() {
    request(0, 0, 8, NONE);
    readers.assigned(0, 5, 2);
    assertThat(readers.waiting()).isEmpty();
    assertThat(readers.oldestEpoch()).isEqualTo(2);

    // Sent before the five arrived.
    request(0, 0, 8, NONE);
    assertThat(readers.wantedBy(0)).isEqualTo(3);
    assertThat(readers.oldestEpoch()).isEqualTo(2);

    // Sent when two had arrived and were read.
    request(0, 2, 8, NONE);
    assertThat(readers.wantedBy(0)).isEqualTo(5);
    assertThat(readers.oldestEpoch()).isEqualTo(2);

    // All arrived: now the reader's word counts.
    request(0, 5, 8, 4);
    assertThat(readers.wantedBy(0)).isEqualTo(8);
    assertThat(readers.oldestEpoch()).isEqualTo(4);
  }

  @Test
  void knowsTheOldestEpochOfAllReaders() {
    assertThat(readers.oldestEpoch()).isEqualTo(NONE);
    request(0, 0, 1, 3);
    request(1, 0, 1, 2);
    assertThat(readers.oldestEpoch()).isEqualTo(2);
  }

  @Test
  void keepsTheOldestEpochOfAReaderThatFailedUntilItReportsAgain() {
    request(0, 0, 1, 3);
    request(1, 0, 1, 2);
    readers.failed(1, true);
    assertThat(readers.oldestEpoch()).isEqualTo(2);
    readers.started(1);
    assertThat(readers.oldestEpoch()).isEqualTo(2);
    request(1, 0, 1, NONE);
    assertThat(readers.oldestEpoch()).isEqualTo(3);
  }

  @Test
  void aReaderThatFailedHoldsNothingUpWhereItRestoresNothing() {
    request(0, 0, 1, 3);
    request(1, 0, 1, 2);
    readers.failed(1, false);
    assertThat(readers.oldestEpoch()).isEqualTo(3);
    assertThat(readers.waiting()).containsExactly(0);
  }

  @Test
  void aDismissedReaderHoldsNothingUp() {
    request(0, 0, 1, 0);
    request(1, 0, 1, 2);
    readers.dismissed(0);
    assertThat(readers.oldestEpoch()).isEqualTo(2);

    // Under way when it was told.
    request(0, 0, 5, 0);
    assertThat(readers.oldestEpoch()).isEqualTo(2);
    assertThat(readers.wantedBy(0)).isZero();

    readers.started(0);
    request(0, 0, 5, 1);
    assertThat(readers.oldestEpoch()).isEqualTo(1);
    assertThat(readers.wantedBy(0)).isEqualTo(5);
  }

  @Test
  void forgetsAReaderThatStartsAgain() {
    request(0, 0, 4, 1);
    readers.assigned(0, 4, 1);
    readers.started(0);

    assertThat(readers.waiting()).isEmpty();
    // It counts from 0 again: nothing is under way.
    request(0, 0, 4, NONE);
    assertThat(readers.wantedBy(0)).isEqualTo(4);
  }

  @Test
  void doesNotAskForThoseWhoWereDismissed() {
    request(0, 0, 4, NONE);
    readers.dismissed(0);
    readers.dismissed(7);
    assertThat(readers.waiting()).isEmpty();
  }
}
