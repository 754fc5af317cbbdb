// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import static io.millrace.storage.TestingObjectStore.Operation.OPEN;
import static io.millrace.storage.TestingObjectStore.Operation.READ;
import static io.millrace.storage.TestingObjectStore.Operation.STATUS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How reads go from one replica to the next. */
@Tag("unit")
final class ReplicatedReaderTest {

  @TempDir private Path directory;

  private TestingReplicas replicas;
  private ObjectStore store;
  private ObjectLocation object;

  @BeforeEach
  void setUp() throws IOException {
    replicas = new TestingReplicas(directory, 2);
    store = replicas.store();
    object = replicas.write("object", new byte[] {1, 2, 3, 4});
  }

  @AfterEach
  void leavesNoReaderOpen() {
    assertThat(replicas.base.openReaders()).isZero();
  }

  private static byte[] read(RangeReader reader, long position, int length) throws IOException {
    ByteChunks target = ByteChunks.allocate(length);
    reader.readFully(position, target);
    return target.copy(0, length);
  }

  @Test
  void readsFromTheNextReplicaWhenOneFailsAndStaysThere() throws IOException {
    try (RangeReader reader = store.open(object)) {
      assertThat(read(reader, 0, 2)).containsExactly(1, 2);
      replicas.breakDown(0);
      assertThat(read(reader, 1, 3)).containsExactly(2, 3, 4);
      assertThat(replicas.base.openReaders()).as("the first one is closed").isEqualTo(1);
      assertThat(read(reader, 0, 1)).containsExactly(1);
    }

    assertThat(replicas.requests(0)).containsExactly(OPEN, READ, READ);
    assertThat(replicas.requests(1)).containsExactly(OPEN, READ, READ);
    assertThat(replicas.fallbacks()).isEqualTo(2);
  }

  @Test
  void staysWithTheReplicaThatHasTheObject() throws IOException {
    ObjectLocation here = replicas.write("only-in-1", new byte[] {7}, 1);

    try (RangeReader reader = store.open(here)) {
      assertThat(read(reader, 0, 1)).containsExactly(7);
      assertThat(read(reader, 0, 1)).containsExactly(7);
    }

    assertThat(replicas.requests(0)).as("asked once, not for each read").containsExactly(OPEN);
    assertThat(replicas.fallbacks()).isEqualTo(3);
  }

  @Test
  void readsATruncatedObjectFromTheNextReplica() throws IOException {
    ObjectLocation cut = replicas.write("cut", new byte[] {1, 2}, 0);
    replicas.write("cut", new byte[] {1, 2, 3}, 1);

    try (RangeReader reader = store.open(cut)) {
      assertThat(read(reader, 1, 2)).containsExactly(2, 3);
    }
    store.status(object);

    assertThat(replicas.requests(0)).as("it is not avoided for it").hasSize(3);
  }

  @Test
  void readsNoCopyOfAnotherLength() throws IOException {
    ObjectVersion expected = new ObjectVersion(3, 0, "");
    ObjectLocation cut = replicas.write("cut", new byte[] {1, 2}, 0);
    replicas.write("cut", new byte[] {1, 2, 3}, 1);

    try (RangeReader reader = store.open(cut, expected)) {
      assertThat(read(reader, 0, 1)).as("though the cut copy has it").containsExactly(1);
    }
    assertThat(store.status(cut, expected).version()).isEqualTo(expected);

    assertThat(replicas.requests(0)).as("it is not avoided").containsExactly(STATUS, STATUS);
    assertThat(replicas.requests(1)).containsExactly(STATUS, OPEN, READ, STATUS);
  }

  @Test
  void waitsForTheFirstReplicaRatherThanReadALongerCopy() throws IOException {
    ObjectVersion expected = new ObjectVersion(4, 0, "");
    replicas.write("object", new byte[] {9, 9, 9, 9, 9}, 1);
    try (RangeReader reader = store.open(object, expected)) {
      replicas.breakDown(0);
      assertThatIOException()
          .isThrownBy(() -> read(reader, 0, 4))
          .satisfies(e -> assertThat(Retries.isPermanent(e)).isFalse())
          .withMessageContaining("broken 0")
          .withMessageContaining(replicas.root(1) + "/object changed while being read");

      replicas.mend(0);
      assertThat(read(reader, 0, 4)).containsExactly(1, 2, 3, 4);
    }

    assertThat(replicas.requests(1)).as("it is only asked").containsOnly(STATUS);
  }

  @Test
  void leavesAReplicaThatOthersFoundBroken() throws IOException {
    try (RangeReader reader = store.open(object)) {
      replicas.breakDown(0);
      store.status(object);
      replicas.mend(0);

      assertThat(read(reader, 0, 1)).containsExactly(1);
      assertThat(replicas.base.openReaders()).as("one at a time").isEqualTo(1);
    }

    assertThat(replicas.requests(0)).hasSize(2);
    assertThat(replicas.requests(1)).endsWith(OPEN, READ);
  }

  @Test
  void saysWhatEachReplicaSaidAndMayBeReadAgain() throws IOException {
    try (RangeReader reader = store.open(object)) {
      replicas.breakDown(0);
      replicas.onRequest(
          1,
          request -> {
            throw new FileNotFoundException("gone");
          });

      assertThatIOException()
          .isThrownBy(() -> read(reader, 1, 2))
          .withMessage(
              "Cannot read 2 bytes at 1 of %s: all 2 replicas failed: %s: broken 0; %s: gone",
              object, replicas.root(0), replicas.root(1));
      assertThat(replicas.base.openReaders()).isZero();

      replicas.mend(0);
      assertThat(read(reader, 1, 2)).containsExactly(2, 3);
    }
  }

  @Test
  void readsAgainFromTheFirstReplicaOnceItIsBack() throws IOException {
    replicas.breakDown(0);
    try (RangeReader reader = store.open(object)) {
      assertThat(read(reader, 0, 1)).containsExactly(1);
    }
    replicas.mend(0);
    replicas.clock.advance(Duration.ofSeconds(10));
    try (RangeReader reader = store.open(object)) {
      assertThat(read(reader, 0, 1)).containsExactly(1);
    }

    assertThat(replicas.requests(0)).containsExactly(OPEN, OPEN, READ);
    assertThat(replicas.fallbacks()).isEqualTo(2);
  }

  @Test
  void closingItIsNoReplicasFault() throws IOException {
    RangeReader reader = store.open(object);
    replicas.onRequest(
        0,
        request -> {
          reader.close();
          throw new IOException("closed");
        });

    assertThatIOException().isThrownBy(() -> read(reader, 0, 1)).withMessage("closed");
    assertThat(replicas.requests(1)).isEmpty();
    replicas.mend(0);
    assertThatExceptionOfType(PermanentStorageException.class)
        .isThrownBy(() -> read(reader, 0, 1))
        .withMessage("Cannot read 1 bytes at 0 of " + object + ": the reader is closed");
    store.status(object);

    assertThat(replicas.requests(0)).as("still the first to be asked").hasSize(3);
    assertThat(replicas.requests(1)).isEmpty();
  }

  @Test
  void closingItWhileTheNextReplicaIsOpenedClosesThatToo() throws IOException {
    RangeReader reader = store.open(object);
    replicas.breakDown(0);
    replicas.onRequest(1, request -> reader.close());

    assertThatExceptionOfType(PermanentStorageException.class)
        .isThrownBy(() -> read(reader, 0, 1))
        .withMessage("Cannot read 1 bytes at 0 of " + object + ": the reader is closed");

    assertThat(replicas.requests(1)).containsExactly(OPEN);
  }

  @Test
  void closingItFromAnotherThreadEndsARead() throws Exception {
    HangingReader hanging = new HangingReader(object, HangingReader.Ends.ON_CLOSE);
    RangeReader reader =
        new ReplicatedObjectStore(
                hanging,
                new Replicas(replicas.roots(), replicas.clock, replicas.counters),
                () -> false)
            .open(object);
    CountDownLatch ended = new CountDownLatch(1);
    CompletableFuture<IOException> failure = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                reader.readFully(0, ByteChunks.allocate(1));
              } catch (IOException e) {
                failure.complete(e);
              }
              ended.countDown();
            });
    thread.start();
    hanging.awaitRead();

    reader.close();

    ended.await();
    assertThat(failure.get()).hasMessage("closed");
    thread.join();
  }

  @Test
  void aClosedStoreIsNoReplicasFault() {
    ObjectStore closed =
        new ReplicatedObjectStore(
            replicas.base,
            new Replicas(replicas.roots(), replicas.clock, replicas.counters),
            () -> true);
    replicas.onRequest(
        0,
        request -> {
          throw new PermanentStorageException("the store is closed");
        });

    assertThatExceptionOfType(PermanentStorageException.class)
        .isThrownBy(() -> closed.open(object))
        .withMessage("the store is closed");

    assertThat(replicas.requests(0)).isEqualTo(List.of(OPEN));
    assertThat(replicas.requests(1)).isEmpty();
  }
}
