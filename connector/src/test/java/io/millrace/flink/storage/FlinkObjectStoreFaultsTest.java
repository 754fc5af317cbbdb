// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.storage.Await;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.ObjectChangedException;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStore;
import io.millrace.storage.ObjectVersion;
import io.millrace.storage.PermanentStorageException;
import io.millrace.storage.RangeReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pool of streams, and what happens when a stream or a location is bad. */
@Tag("unit")
final class FlinkObjectStoreFaultsTest {

  private static final Duration LONG = Duration.ofHours(1);

  @TempDir private Path directory;

  private final CountingFileSystem files = new CountingFileSystem();
  private FlinkObjectStore store = storeWith(new StreamPool.Limits(2, 3, LONG));
  private ObjectLocation object;

  @BeforeEach
  void setUp() throws IOException {
    object = ObjectLocation.of("file:" + directory + "/object");
    Files.write(directory.resolve("object"), new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  }

  @AfterEach
  void tearDown() {
    store.close();
    assertThat(files.open()).as("open streams").isZero();
    Await.until("its thread has ended", () -> store.liveThreads() == 0);
  }

  private FlinkObjectStore storeWith(StreamPool.Limits limits) {
    return new FlinkObjectStore(limits, uri -> files);
  }

  private static byte[] read(ObjectStore store, ObjectLocation object, long position, int length)
      throws IOException {
    try (RangeReader reader = store.open(object)) {
      return read(reader, position, length);
    }
  }

  private static byte[] read(RangeReader reader, long position, int length) throws IOException {
    ByteChunks target = ByteChunks.allocate(length);
    reader.readFully(position, target);
    return target.copy(0, length);
  }

  @Test
  void readsOneObjectThroughOneStream() throws IOException {
    for (int i = 0; i < 5; i++) {
      assertThat(read(store, object, 2L * i, 2)).containsExactly(2 * i, 2 * i + 1);
    }

    assertThat(files.opened).hasValue(1);
    assertThat(store.idleStreams()).isEqualTo(1);
  }

  @Test
  void keepsFewStreamsOfAnObject() throws IOException {
    RangeReader[] readers = new RangeReader[4];
    for (int i = 0; i < readers.length; i++) {
      readers[i] = store.open(object);
    }
    assertThat(files.opened).hasValue(4);

    for (RangeReader reader : readers) {
      reader.close();
    }

    assertThat(store.idleStreams()).isEqualTo(2);
    assertThat(files.open()).isEqualTo(2);
  }

  @Test
  void keepsFewStreamsInAll() throws IOException {
    for (int i = 0; i < 5; i++) {
      Files.write(directory.resolve("object" + i), new byte[1]);
      read(store, ObjectLocation.of(object + "" + i), 0, 1);
    }
    assertThat(store.idleStreams()).isEqualTo(3);
    assertThat(files.open()).isEqualTo(3);

    read(store, ObjectLocation.of(object + "4"), 0, 1);
    read(store, ObjectLocation.of(object + "0"), 0, 1);

    assertThat(files.opened).as("the oldest was closed, the newest kept").hasValue(6);
  }

  @Test
  void closesStreamsThatAreIdle() throws IOException {
    store.close();
    store = storeWith(new StreamPool.Limits(2, 3, Duration.ofMillis(1)));
    read(store, object, 0, 1);

    Await.until("the idle stream is closed", () -> files.open() == 0);
    assertThat(read(store, object, 1, 1)).containsExactly(1);
    Await.until("the idle stream is closed again", () -> files.open() == 0);
    Await.until("no thread waits for nothing", () -> store.liveThreads() == 0);
  }

  @Test
  void doesNotKeepAStreamThatFailed() throws IOException {
    read(store, object, 0, 1);
    RangeReader broken = store.open(object);
    files.onRead =
        (stream, length) -> {
          throw new IOException("reset");
        };

    assertThatIOException()
        .isThrownBy(() -> read(broken, 3, 2))
        .withMessage("Cannot read 2 bytes at 3 of " + object + ": reset");
    assertThatIOException()
        .isThrownBy(() -> read(broken, 3, 2))
        .withMessage("Cannot read 2 bytes at 3 of " + object + ": an earlier read failed");
    broken.close();

    assertThat(store.idleStreams()).isZero();
    files.onRead = (stream, length) -> length;
    assertThat(read(store, object, 3, 2)).containsExactly(3, 4);
    assertThat(files.opened).hasValue(2);
  }

  @Test
  void readsOnAfterShortReadsOfAStream() throws IOException {
    files.onRead = (stream, length) -> Math.min(length, 3);

    assertThat(read(store, object, 1, 9)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  /** S3A gives the end of the stream for a connection that was cut. */
  @Test
  void aStreamThatEndsBeforeItsObjectMayNotDoSoNextTime() throws IOException {
    files.onRead = (stream, length) -> stream.getPos() < 6 ? Math.min(length, 3) : -1;

    assertThatIOException()
        .isThrownBy(() -> read(store, object, 2, 8))
        .withMessage(
            "Cannot read 8 bytes at 2 of "
                + object
                + ": the stream ended at 8, before the object does")
        .satisfies(e -> assertThat(e).isExactlyInstanceOf(IOException.class));
    assertThat(store.idleStreams()).isZero();
  }

  @Test
  void anObjectThatGotShorterHasChanged() throws IOException {
    try (RangeReader reader = store.open(object)) {
      Files.write(directory.resolve("object"), new byte[] {0, 1, 2, 3});

      assertThatExceptionOfType(ObjectChangedException.class)
          .isThrownBy(() -> read(reader, 2, 8))
          .withMessageStartingWith("Object " + object + " changed while being read: expected ");
    }
    assertThat(store.idleStreams()).isZero();
  }

  @Test
  void forgetsStreamsOfAnOldVersion() throws IOException {
    read(store, object, 0, 1);
    store.status(object);
    assertThat(store.idleStreams()).isEqualTo(1);

    Files.write(directory.resolve("object"), new byte[] {42});
    store.status(object);

    assertThat(store.idleStreams()).isZero();
    assertThat(read(store, object, 0, 1)).containsExactly(42);
  }

  /** As {@code mv} does: who has the old file open goes on to read it. */
  private void replaceBySameLength() throws IOException {
    Path file = directory.resolve("object");
    Path next = directory.resolve("next");
    Files.write(next, new byte[] {10, 11, 12, 13, 14, 15, 16, 17, 18, 19});
    Files.setLastModifiedTime(next, FileTime.fromMillis(1_000_000_000_000L));
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private byte[] read(ObjectVersion expected, long position, int length) throws IOException {
    try (RangeReader reader = store.open(object, expected)) {
      return read(reader, position, length);
    }
  }

  @Test
  void readsANewVersionThroughNoStreamOfTheOld() throws IOException {
    ObjectVersion before = store.status(object).version();
    assertThat(read(before, 0, 2)).containsExactly(0, 1);
    assertThat(read(before, 2, 2)).containsExactly(2, 3);
    assertThat(files.opened).as("streams of one version are used again").hasValue(1);
    replaceBySameLength();
    ObjectVersion after = new ObjectVersion(10, 1_000_000_000_000L, "");

    assertThat(read(store, object, 4, 2)).as("the old file is still there").containsExactly(4, 5);
    assertThat(read(after, 4, 2)).containsExactly(14, 15);

    assertThat(files.opened).hasValue(2);
    assertThat(store.idleStreams()).as("the old stream is closed").isEqualTo(1);
    assertThat(read(after, 6, 2)).containsExactly(16, 17);
    assertThat(files.opened).hasValue(2);
  }

  @Test
  void doesNotTakeAnOldStreamThatComesBackLate() throws IOException {
    RangeReader old = store.open(object);
    replaceBySameLength();
    ObjectVersion after = store.status(object).version();
    old.close();
    assertThat(store.idleStreams()).isEqualTo(1);

    assertThat(read(after, 0, 2)).containsExactly(10, 11);
  }

  @Test
  void closesAStreamThatComesBackAfterItself() throws IOException {
    RangeReader reader = store.open(object);
    store.close();
    assertThat(files.open()).isEqualTo(1);

    reader.close();

    assertThat(files.open()).isZero();
  }

  @Test
  void closingFromAnotherThreadEndsARead() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    files.onRead =
        (stream, length) -> {
          reading.countDown();
          try {
            goOn.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          return 1;
        };
    RangeReader reader = store.open(object);
    CompletableFuture<IOException> failure = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                read(reader, 0, 5);
              } catch (IOException e) {
                failure.complete(e);
              }
            });
    thread.start();
    reading.await();

    reader.close();
    goOn.countDown();

    assertThat(failure.get()).hasMessageContaining("Cannot read 5 bytes at 0 of " + object + ": ");
    thread.join();
    assertThat(files.open()).isZero();
  }

  @Test
  void refusesASecondReadAtTheSameTime() throws IOException {
    try (RangeReader reader = store.open(object)) {
      files.onRead =
          (stream, length) -> {
            reader.readFully(0, ByteChunks.allocate(1));
            return length;
          };
      assertThatThrownBy(() -> read(reader, 0, 5))
          .hasMessageContaining("Cannot read 1 bytes at 0 of " + object + ": already reading");
    }
  }

  @Test
  void refusesLocationsThatNoFileSystemCanHave() throws IOException {
    try (FlinkObjectStore flink = new FlinkObjectStore()) {
      assertThatExceptionOfType(PermanentStorageException.class)
          .isThrownBy(() -> flink.status(ObjectLocation.of("/data/train")))
          .withMessage("Cannot use /data/train: it has no scheme such as file: or s3:");
      assertThatExceptionOfType(PermanentStorageException.class)
          .isThrownBy(() -> flink.status(ObjectLocation.of("file:data")))
          .withMessage("Cannot use file:data: its path is relative");
      assertThatExceptionOfType(PermanentStorageException.class)
          .isThrownBy(() -> flink.status(ObjectLocation.of("1x://host/data")))
          .withMessageStartingWith("Cannot use 1x://host/data as a location: ");
      assertThatExceptionOfType(PermanentStorageException.class)
          .isThrownBy(() -> flink.list(ObjectLocation.of("nosuch://host/data")))
          .withMessageStartingWith("Cannot list nosuch://host/data: ")
          .withMessageContaining("nosuch");
    }
  }

  @Test
  void showsNoCredentials() throws IOException {
    ObjectLocation secret = ObjectLocation.of("nosuch://key:hidden@host/data");
    try (FlinkObjectStore flink = new FlinkObjectStore()) {
      assertThatIOException()
          .isThrownBy(() -> flink.open(secret))
          .withMessageStartingWith("Cannot open nosuch://host/data: ")
          .satisfies(e -> assertThat(e).hasNoCause())
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hidden"));
    }
  }
}
