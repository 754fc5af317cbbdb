// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cache.AccessKind;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LocalScansTest {

  @Test
  void addsUpTheReadersOfAScan() {
    UUID scan = UUID.randomUUID();
    assertThat(LocalScans.epochs(scan)).isEmpty();
    var first = LocalScans.newReader(scan);
    var second = LocalScans.newReader(scan);
    LocalScans.newReader(UUID.randomUUID()).epoch(0).recordSamples(1000);

    first.epoch(0).recordSamples(3);
    first.epoch(1).recordSamples(5);
    second.epoch(0).recordSamples(4);
    second.epoch(0).recordAccess(AccessKind.HIT, 70);

    assertThat(LocalScans.epochs(scan).keySet()).containsExactly(0L, 1L);
    assertThat(LocalScans.epochs(scan).get(0L).samples()).isEqualTo(7);
    assertThat(LocalScans.epochs(scan).get(0L).of(AccessKind.HIT).bytes()).isEqualTo(70);
    assertThat(LocalScans.epochs(scan).get(1L).samples()).isEqualTo(5);
  }

  @Test
  void keepsTheSumsOfReadersThatWereClosed() {
    UUID scan = UUID.randomUUID();
    for (int restart = 0; restart < 3; restart++) {
      var reader = LocalScans.newReader(scan);
      reader.epoch(0).recordSamples(2);
      reader.epoch(restart).recordAccess(AccessKind.MISS, 10);
      LocalScans.readerEnded(scan, reader);
      LocalScans.readerEnded(scan, reader);
    }
    LocalScans.newReader(scan).epoch(0).recordSamples(1);

    assertThat(LocalScans.epochs(scan).get(0L).samples()).isEqualTo(7);
    assertThat(LocalScans.epochs(scan).get(2L).of(AccessKind.MISS).bytes()).isEqualTo(10);
  }

  @Test
  void tellsWhatAReaderFailedWithLast() {
    UUID scan = UUID.randomUUID();
    assertThat(LocalScans.failure(scan)).isEmpty();
    LocalScans.newReader(scan);
    assertThat(LocalScans.failure(scan)).isEmpty();
    IllegalStateException failure = new IllegalStateException("gone");
    LocalScans.readerFailed(scan, failure);
    assertThat(LocalScans.failure(scan)).containsSame(failure);
  }

  @Test
  void doesNotTakeTheEndOfACancelledReaderForAFailure() {
    UUID scan = UUID.randomUUID();
    LocalScans.newReader(scan);
    LocalScans.newReader(scan);
    IllegalStateException failure = new IllegalStateException("gone");
    LocalScans.readerFailed(scan, failure);

    LocalScans.readerFailed(scan, new RuntimeException(new ClosedByInterruptException()));
    LocalScans.readerFailed(scan, new RuntimeException(new InterruptedException()));
    Thread.currentThread().interrupt();
    try {
      LocalScans.readerFailed(scan, new IOException("Cannot read: interrupted"));
    } finally {
      assertThat(Thread.interrupted()).as("the thread stays interrupted").isTrue();
    }

    assertThat(LocalScans.failure(scan)).containsSame(failure);
  }

  @Test
  void keepsTheNewestScans() {
    UUID oldest = UUID.randomUUID();
    LocalScans.newReader(oldest).epoch(0).recordSamples(1);
    UUID newest = oldest;
    for (int i = 0; i < 64; i++) {
      newest = UUID.randomUUID();
      LocalScans.newReader(newest).epoch(0).recordSamples(1);
    }
    assertThat(LocalScans.epochs(oldest)).isEmpty();
    assertThat(LocalScans.epochs(newest).get(0L).samples()).isEqualTo(1);
  }
}
