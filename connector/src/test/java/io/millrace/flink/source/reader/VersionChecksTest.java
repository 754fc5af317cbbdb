// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.storage.Await;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectChangedException;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectVersion;
import io.millrace.storage.TestingObjectStore;
import io.millrace.storage.TestingObjectStore.Operation;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Objects without a hash: asked for their version as seldom as may be, and never too seldom. */
@Tag("unit")
@Timeout(60)
final class VersionChecksTest {

  /** Above 6 MiB, so that a shard is cut into units of about 4 MiB. */
  private static final int MANY = 90;

  @TempDir private Path directory;

  private TestingUnits units(int samples) throws IOException {
    return TestingUnits.write(directory, 1, samples).cache(64 << 20, "none");
  }

  private static void readAll(TestingUnits units, int epoch) throws IOException {
    for (int unit = 0; unit < units.manifest.units(); unit++) {
      try (TestingUnits.Opened opened = units.open(epoch, unit)) {
        assertThat(opened.ids(units)).isNotEmpty();
      }
    }
  }

  /** Inverts a byte of the only shard, which keeps its length. */
  private void overwrite(long place, FileTime modified) throws IOException {
    Path shard = directory.resolve("shard.00000.mds");
    byte[] bytes = Files.readAllBytes(shard);
    bytes[(int) (place < 0 ? bytes.length + place : place)] ^= (byte) 0xff;
    Files.write(shard, bytes);
    Files.setLastModifiedTime(shard, modified);
  }

  private FileTime modified() throws IOException {
    return Files.getLastModifiedTime(directory.resolve("shard.00000.mds"));
  }

  @Test
  void whatWasFetchedBeforeTakesNoQuestion() throws IOException {
    try (TestingUnits units = units(MANY)) {
      readAll(units, 0);
      assertThat(units.origin.count(Operation.STATUS)).isEqualTo(units.manifest.units());
      units.origin.clearRequests();
      long before = units.statistics.totals().originRequests();

      readAll(units, 1);

      assertThat(units.origin.count(Operation.STATUS)).isZero();
      assertThat(units.origin.count(Operation.READ))
          .as("a table and samples each")
          .isEqualTo(2 * units.manifest.units());
      assertThat(units.statistics.totals().originRequests() - before)
          .isEqualTo(2 * units.manifest.units());
    }
  }

  @Test
  void aReplacedObjectIsFoundByAskingOnce() throws IOException {
    try (TestingUnits units = units(3)) {
      readAll(units, 0);
      overwrite(-1, FileTime.fromMillis(1_000_000_000_000L));
      units.origin.clearRequests();

      assertThatThrownBy(() -> units.open(1, 0))
          .isInstanceOf(ObjectChangedException.class)
          .hasMessageContaining("shard.00000.mds changed while being read");
      assertThat(units.origin.count(Operation.STATUS)).isEqualTo(1);
      assertThat(units.bytesInUse()).isZero();
    }
  }

  @Test
  void anObjectThatWasOverwrittenInSecretIsAnErrorEachTime() throws IOException {
    try (TestingUnits units = units(3)) {
      FileTime modified = modified();
      readAll(units, 0);
      overwrite(-1, modified);

      for (int attempt = 1; attempt <= 2; attempt++) {
        assertThatThrownBy(() -> units.open(attemptsEpoch(), 0))
            .isInstanceOf(CorruptObjectException.class)
            .hasMessageContaining(
                "bytes are not those that were fetched before, though the object's version is"
                    + " still ObjectVersion");
      }
      assertThat(units.bytesInUse()).isZero();

      overwrite(-1, modified);
      readAll(units, 2);
    }
  }

  private static int attemptsEpoch() {
    return 1;
  }

  @Test
  void bytesThatWentWrongOnTheWayAreReadOnceMore() throws IOException {
    try (TestingUnits units = units(3)) {
      readAll(units, 0);
      units.store.damageNext(1, request -> true);
      units.origin.clearRequests();

      readAll(units, 1);

      assertThat(units.origin.count(Operation.READ)).isEqualTo(2);
      assertThat(units.origin.count(Operation.STATUS)).isEqualTo(1);
    }
  }

  @Test
  void bytesThatTurnOutToBeWrongAreForgotten() throws IOException {
    try (TestingUnits units = units(3)) {
      FileTime modified = modified();
      // The length of the last sample's bytes field: wrong from the start.
      long place = -8 - TestingUnits.SAMPLE_BYTES - 4;
      overwrite(place, modified);
      try (TestingUnits.Opened opened = units.open(0, 0)) {
        assertThatThrownBy(() -> opened.ids(units)).isInstanceOf(CorruptObjectException.class);
      }
      overwrite(place, modified);

      readAll(units, 1);
    }
  }

  /** The table is of the new version, the samples are as before: what is here does not match. */
  @Test
  void asksIfSomeOfWhatIsHereWasNotFetchedByItself() throws IOException {
    try (TestingUnits units = units(MANY)) {
      FileTime modified = modified();
      readAll(units, 0);
      // Where the second sample of the first unit begins.
      overwrite(8, FileTime.fromMillis(1_000_000_000_000L));
      TestingUnits other = units;
      CountDownLatch tableIsHere = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      units.origin.setFault(
          request -> {
            if (request.operation() == Operation.READ && request.position() > 0) {
              tableIsHere.countDown();
              await(goOn);
            }
          });
      List<Throwable> failures = new CopyOnWriteArrayList<>();
      Thread first = new Thread(() -> failing(failures, () -> other.open(1, 1).close()));
      first.start();
      await(tableIsHere);
      Thread second = new Thread(() -> failing(failures, () -> other.open(1, 0).close()));
      second.start();
      Await.until("both read samples", () -> units.origin.inFlight() == 2);
      goOn.countDown();
      join(first);
      join(second);

      assertThat(failures).hasSize(2).allMatch(ObjectChangedException.class::isInstance);
      assertThat(modified).isNotEqualTo(modified());
    }
  }

  private interface Attempt {
    void run() throws IOException;
  }

  private static void failing(List<Throwable> failures, Attempt attempt) {
    try {
      attempt.run();
    } catch (IOException | RuntimeException e) {
      failures.add(e);
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("store");
    }
  }

  private static void join(Thread thread) throws IOException {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new InterruptedIOException("test");
    }
  }

  /** Asks for the version of an object from as many threads as it is told to. */
  private final class Askers {
    private final TestingObjectStore store = new TestingObjectStore(directory);
    private final VersionChecks checks = new VersionChecks(1 << 20);
    private final ObjectLocation object = store.location("object");
    private final ObjectVersion version;
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger sent = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();

    Askers() throws IOException {
      Files.write(directory.resolve("object"), new byte[] {1});
      version = store.status(object).version();
      store.clearRequests();
    }

    Thread start() {
      Thread thread =
          new Thread(
              () ->
                  failing(
                      failures, () -> checks.ask(store, object, version, sent::incrementAndGet)));
      thread.start();
      threads.add(thread);
      return thread;
    }

    /** Starts one whose question waits for the latch, and others that wait for its answer. */
    void startBehindOne(CountDownLatch latch, int others) {
      store.setFault(
          request -> {
            if (store.count(Operation.STATUS) == 1) {
              VersionChecksTest.await(latch);
            }
          });
      start();
      Await.until("the first is asked", () -> store.inFlight() == 1);
      for (int i = 0; i < others; i++) {
        start();
      }
      Await.until(
          "the others wait",
          () -> threads.stream().skip(1).allMatch(t -> t.getState() == Thread.State.WAITING));
    }

    void join() throws IOException {
      for (Thread thread : threads) {
        VersionChecksTest.join(thread);
      }
    }
  }

  @Test
  void oneQuestionServesAllWhoFetchedBeforeIt() throws IOException {
    Askers askers = new Askers();
    CountDownLatch latch = new CountDownLatch(1);
    askers.startBehindOne(latch, 8);
    latch.countDown();
    askers.join();

    assertThat(askers.failures).isEmpty();
    assertThat(askers.store.count(Operation.STATUS)).isEqualTo(2);
    assertThat(askers.sent).hasValue(2);
    assertThat(askers.checks.asking()).isZero();
  }

  @Test
  void anAnswerThatWasSentBeforeSaysNothing() throws IOException {
    Askers askers = new Askers();
    CountDownLatch latch = new CountDownLatch(1);
    askers.startBehindOne(latch, 3);
    // The first asked before this happened; its answer came in time.
    Files.write(directory.resolve("object"), new byte[] {1, 2});
    latch.countDown();
    askers.join();

    assertThat(askers.failures)
        .as("the store answers when it is let go: all see the change")
        .hasSize(4)
        .allMatch(ObjectChangedException.class::isInstance);
    assertThat(askers.store.count(Operation.STATUS)).isEqualTo(2);
  }

  @Test
  void theFailureOfAQuestionIsThatOfAllWhomItServes() throws IOException {
    Askers askers = new Askers();
    CountDownLatch latch = new CountDownLatch(1);
    askers.startBehindOne(latch, 4);
    askers.store.setFault(
        request -> {
          throw new IOException("injected");
        });
    latch.countDown();
    askers.join();

    assertThat(askers.failures).as("of all but the first").hasSize(4);
    assertThat(askers.failures).allMatch(e -> "injected".equals(e.getMessage()));
    assertThat(askers.store.count(Operation.STATUS)).isEqualTo(2);
  }

  @Test
  void whoIsInterruptedFailsAlone() throws IOException {
    Askers askers = new Askers();
    CountDownLatch never = new CountDownLatch(1);
    askers.startBehindOne(never, 3);
    askers.threads.get(1).interrupt();
    join(askers.threads.get(1));
    assertThat(askers.failures)
        .singleElement()
        .satisfies(
            e ->
                assertThat(e)
                    .isInstanceOf(InterruptedIOException.class)
                    .hasMessage("Interrupted while another thread checks " + askers.object));

    askers.threads.get(0).interrupt();
    askers.join();

    assertThat(askers.failures).as("the other that was interrupted").hasSize(2);
    assertThat(askers.store.count(Operation.STATUS)).as("one more, for both").isEqualTo(2);
  }
}
