// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.flink.source.split.OwnedBytesEvent;
import io.millrace.flink.source.split.SplitRequestEvent;
import io.millrace.plan.CacheIdentity;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ReaderRegistryTest {

  private static final int NONE = SplitRequestEvent.HOLDS_NONE;
  private static final CacheIdentity A = new CacheIdentity("a");
  private static final CacheIdentity B = new CacheIdentity("b");

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
    assertThat(readers.atWork()).containsExactly(0, 2);
    assertThat(readers.named()).isEqualTo(2);
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

  private void hold(int subtask, long received, int held) {
    readers.requested(subtask, new SplitRequestEvent("cache", 100, received, 50, held, 0));
  }

  @Test
  void aReaderIsIdleThatHoldsNextToNothing() {
    assertThat(readers.isIdle(0)).isFalse();
    hold(0, 0, 2);
    assertThat(readers.isIdle(0)).isFalse();
    hold(0, 0, 1);
    assertThat(readers.isIdle(0)).isTrue();

    readers.assigned(0, 1, 0);
    assertThat(readers.isIdle(0)).isFalse();
    hold(0, 0, 1); // written before it came
    assertThat(readers.isIdle(0)).isFalse();
    hold(0, 1, 1);
    assertThat(readers.isIdle(0)).isTrue();
  }

  private void name(int subtask, String cache, long capacity) {
    readers.requested(subtask, new SplitRequestEvent(cache, capacity, 0, 8, NONE));
  }

  @Test
  void aCacheIsThereAsLongAsAReadersLastWordNamesIt() {
    name(0, "a", 10);
    name(1, "a", 12);
    name(2, "b", 7);
    assertThat(readers.caches()).isEqualTo(Map.of(A, 12L, B, 7L));
    assertThat(readers.readersOf(A)).isEqualTo(2);

    readers.failed(2, true);
    readers.started(2);
    readers.failed(2, true);
    assertThat(readers.caches()).as("it comes back").isEqualTo(Map.of(A, 12L, B, 7L));
    assertThat(readers.named()).isEqualTo(2);
    assertThat(readers.atWork()).containsExactly(0, 1);

    readers.started(2);
    name(2, "a", 9);
    assertThat(readers.caches()).isEqualTo(Map.of(A, 12L));
    assertThat(readers.readersOf(A)).isEqualTo(3);
    assertThat(readers.readersOf(B)).isZero();
  }

  @Test
  void aCacheNeedsAReaderThatIsNotDismissedAndIsKnownToComeBack() {
    name(0, "a", 10);
    name(1, "a", 12);
    name(2, "b", 7);
    readers.dismissed(1);
    assertThat(readers.caches()).isEqualTo(Map.of(A, 10L, B, 7L));
    readers.failed(1, true);
    assertThat(readers.caches()).as("it had none any more").isEqualTo(Map.of(A, 10L, B, 7L));
    readers.failed(2, false);
    assertThat(readers.caches()).as("it may have no slot for long").isEqualTo(Map.of(A, 10L));
    readers.dismissed(0);
    assertThat(readers.caches()).isEmpty();
  }

  @Test
  void ofAttemptsThatRunAtOnceTheFirstOnesCacheCounts() {
    SplitRequestEvent first = new SplitRequestEvent("a", 10, 0, 8, NONE);
    SplitRequestEvent second = new SplitRequestEvent("b", 7, 0, 6, NONE);
    assertThat(readers.attemptOf(0)).isEqualTo(ReaderRegistry.NO_ATTEMPT);
    readers.requested(0, 3, first);
    readers.requested(0, 4, second);
    assertThat(readers.cacheOf(0)).isEqualTo(A);
    assertThat(readers.attemptOf(0)).isEqualTo(3);
    assertThat(readers.wantedBy(0)).isEqualTo(6);

    readers.started(0);
    readers.requested(0, 4, second);
    assertThat(readers.cacheOf(0)).isEqualTo(B);
  }

  @Test
  void aReaderKnowsWhatItWasToldAndAssumesThatItsCacheOwnsAll() {
    OwnedBytesEvent all = new OwnedBytesEvent(9, 9);
    OwnedBytesEvent some = new OwnedBytesEvent(4, 9);
    assertThat(readers.isNews(0, some)).as("nobody to tell").isFalse();
    name(0, "a", 10);
    assertThat(readers.isNews(0, all)).isFalse();
    assertThat(readers.isNews(0, some)).isTrue();
    assertThat(readers.isNews(0, some)).isFalse();
    assertThat(readers.isNews(0, all)).isTrue();
    assertThat(readers.isNews(0, some)).isTrue();
    readers.started(0);
    name(0, "a", 10);
    assertThat(readers.isNews(0, some)).as("another attempt").isTrue();
  }
}
