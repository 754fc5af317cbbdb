// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.format.DatasetChangedException;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.PermanentStorageException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class LookFailuresTest {

  private static final ObjectLocation ROOT = ObjectLocation.of("file:/growing");

  private long now = -5;
  private final LookFailures failures = new LookFailures(ROOT, Duration.ofSeconds(60), () -> now);

  private void passSeconds(long seconds) {
    now += Duration.ofSeconds(seconds).toNanos();
  }

  @Test
  void failsWhenLooksHaveFailedForTooLong() {
    failures.failed(new IOException("one"));
    passSeconds(59);
    failures.failed(new IOException("two"));
    passSeconds(1);

    IOException three = new IOException("three");
    assertThatThrownBy(() -> failures.failed(three))
        .isInstanceOf(IllegalStateException.class)
        .hasCause(three)
        .hasMessage(
            "Cannot look for new shards of file:/growing: no look has succeeded for 60 s"
                + " (storage.retry.timeout = 60 s): three");
  }

  @Test
  void beginsToCountAnewAfterALookThatSucceeds() {
    failures.failed(new IOException("one"));
    passSeconds(59);
    failures.succeeded();
    passSeconds(59);
    failures.failed(new IOException("two"));
    passSeconds(59);
    failures.failed(new IOException("three"));
    passSeconds(1);

    assertThatThrownBy(() -> failures.failed(new IOException("four"))).hasMessageEndingWith("four");
  }

  @Test
  void failsAtOnceWhereTheDatasetChanged() {
    DatasetChangedException changed = new DatasetChangedException(ROOT, "x.pt is gone");
    assertThatThrownBy(() -> failures.failed(changed))
        .isInstanceOf(IllegalStateException.class)
        .hasCause(changed)
        .hasMessage("Cannot go on reading file:/growing: dataset changed: x.pt is gone");
  }

  @Test
  void failsAtOnceWhereAnotherLookWouldBeRefused() {
    for (IOException refused :
        List.of(
            new AccessDeniedException("file:/growing", null, "refused"),
            new PermanentStorageException("refused"))) {
      assertThatThrownBy(() -> failures.failed(refused))
          .isInstanceOf(IllegalStateException.class)
          .hasCause(refused)
          .hasMessageContaining("refused");
    }
  }

  @Test
  void anInterruptIsTheEndOfTheEnumeratorAndNoFailure() {
    failures.failed(new InterruptedIOException("closed"));
    passSeconds(100);
    failures.failed(new InterruptedIOException("closed"));
    failures.failed(new IOException("the first one"));
  }
}
