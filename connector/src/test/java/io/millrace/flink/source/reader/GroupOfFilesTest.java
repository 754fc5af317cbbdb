// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cache.ByteBudget;
import io.millrace.format.ObjectRead;
import io.millrace.format.ShardObject;
import io.millrace.storage.Await;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.ObjectChangedException;
import io.millrace.storage.TestingObjectStore.Operation;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@link CachedShardInput#readAll}: many small objects at once. */
@Timeout(60)
@Tag("unit")
class GroupOfFilesTest {

  private static final int FILES = 40;

  @TempDir Path directory;

  private final List<ShardObject> files = new ArrayList<>();
  private TestingUnits units;
  private ByteBudget.Reservation memory;
  private CachedShardInput input;

  @BeforeEach
  void open() throws IOException {
    units = TestingUnits.write(directory, 1, 1);
    for (int i = 0; i < FILES; i++) {
      Files.write(directory.resolve("f" + i), content(i));
      files.add(object("f" + i));
    }
    units.origin.clearRequests();
    reopen();
  }

  private ShardObject object(String path) throws IOException {
    return new ShardObject(
        path, units.origin.status(units.origin.location(path)).version(), Optional.empty());
  }

  private static byte[] content(int file) {
    byte[] content = new byte[100 + file];
    Arrays.fill(content, (byte) file);
    return content;
  }

  private void reopen() {
    memory = units.cache().workingMemory().reserveNow(100);
    input = new CachedShardInput(units.access(units.split(0, 0)), memory);
  }

  @AfterEach
  void close() {
    input.close();
    memory.close();
    Await.until("helpers gave their pins back", () -> units.bytesInUse() == 0);
    units.close();
  }

  @Test
  void remembersOfBytesInMemoryThatTheyAreIntact() throws IOException {
    input.readAll(files);
    assertThat(input.isIntact(files.get(0))).isFalse();

    input.markIntact(files.get(0));
    assertThat(input.isIntact(files.get(0))).isTrue();
    assertThat(input.isIntact(files.get(1))).isFalse();

    input.close();
    memory.close();
    reopen();
    assertThat(input.isIntact(files.get(0))).as("not read yet").isFalse();
    input.readAll(files);
    assertThat(input.isIntact(files.get(0))).as("another opening of the same bytes").isTrue();

    input.discard();
    input.readAll(files);
    assertThat(input.isIntact(files.get(0))).as("bytes fetched anew").isFalse();
  }

  @Test
  void readsEachFileOnceAndChecksItsVersion() throws IOException {
    List<ByteChunks> read = input.readAll(files);

    assertContent(read);
    assertThat(units.origin.count(Operation.READ)).isEqualTo(FILES);
    assertThat(units.origin.count(Operation.STATUS)).isEqualTo(FILES);
    assertThat(input.touches()).hasSize(FILES);
    assertThat(input.memoryBytes())
        .isEqualTo(files.stream().mapToLong(file -> file.version().length()).sum());
    input.checkFetched();
    assertThat(units.origin.count(Operation.STATUS)).as("not again").isEqualTo(FILES);
    assertThat(input.readAll(files)).isEqualTo(read);
    assertThat(input.touches()).hasSize(FILES);
  }

  private static void assertContent(List<ByteChunks> read) {
    for (int i = 0; i < FILES; i++) {
      assertThat(read.get(i).copy(0, (int) read.get(i).length())).isEqualTo(content(i));
    }
  }

  @Test
  void readsSlowFilesSideBySide() throws IOException {
    units.origin.setFault(
        request -> {
          if (request.operation() == Operation.READ) {
            pause();
          }
        });

    assertContent(input.readAll(files));
    assertThat(units.origin.maxInFlight()).isBetween(2, 4);
  }

  private static void pause() throws InterruptedIOException {
    try {
      Thread.sleep(5); // how slow the store is
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted");
    }
  }

  @Test
  void readsWhatIsInTheCacheFromThere() throws IOException {
    input.readAll(files.subList(0, 30));
    input.close();
    memory.close();
    reopen();

    assertContent(input.readAll(files));
    assertThat(units.origin.count(Operation.READ)).isEqualTo(FILES);
  }

  @Test
  void oneFileMayStandThereTwice() throws IOException {
    List<ByteChunks> read = input.readAll(List.of(files.get(3), files.get(4), files.get(3)));

    assertThat(read.get(2)).isSameAs(read.get(0));
    assertThat(units.origin.count(Operation.READ)).isEqualTo(2);
  }

  @Test
  void aFileThatWasReplacedIsAnErrorAndNothingOfTheGroupStays() throws IOException {
    Files.write(directory.resolve("f17"), new byte[117]);
    Files.setLastModifiedTime(
        directory.resolve("f17"), java.nio.file.attribute.FileTime.fromMillis(1_000_000));

    assertThatThrownBy(() -> input.readAll(files))
        .isInstanceOf(ObjectChangedException.class)
        .hasMessageContaining("f17");
    input.close();
    memory.close();
    units.origin.clearRequests();
    reopen();
    input.readAll(files.subList(0, 10));
    assertThat(units.origin.count(Operation.READ)).isEqualTo(10);
  }

  @Test
  void whatCouldNotBeCheckedIsFetchedAgain() {
    units.origin.setFault(
        request -> {
          if (request.operation() == Operation.STATUS && request.location().name().equals("f3")) {
            throw new IOException("no status of f3");
          }
        });
    assertThatThrownBy(() -> input.readAll(files.subList(0, 5)))
        .isInstanceOf(IOException.class)
        .hasMessage("no status of f3");

    units.origin.setFault(request -> {});
    input.close();
    memory.close();
    units.origin.clearRequests();
    reopen();
    assertThatCode(() -> input.readAll(files.subList(0, 4))).doesNotThrowAnyException();
    assertThat(units.origin.count(Operation.READ)).as("f3 alone").isEqualTo(1);
    assertThat(units.origin.count(Operation.STATUS)).isEqualTo(1);
  }

  @Test
  void aFileThatFailsIsAnError() {
    units.origin.setFault(
        request -> {
          if (request.location().name().equals("f20")) {
            throw new IOException("broken f20");
          }
        });

    assertThatThrownBy(() -> input.readAll(files))
        .isInstanceOf(IOException.class)
        .hasMessage("broken f20");
  }

  @Test
  void readsEachFileThoughOthersAreMissing() throws IOException {
    units.origin.setFault(
        request -> {
          if (List.of("f3", "f20").contains(request.location().name())) {
            throw new FileNotFoundException("no " + request.location().name());
          }
        });

    List<ObjectRead> each = input.readEach(files);

    for (int i = 0; i < FILES; i++) {
      ObjectRead read = each.get(i);
      if (i == 3 || i == 20) {
        assertThatThrownBy(read::bytes)
            .isInstanceOf(FileNotFoundException.class)
            .hasMessage("no f" + i);
      } else {
        assertThat(read.bytes().copy(0, (int) read.bytes().length())).isEqualTo(content(i));
      }
    }
    input.checkFetched();
    assertThat(units.origin.count(Operation.STATUS)).isEqualTo(FILES - 2);
    units.origin.setFault(request -> {});
    units.origin.clearRequests();
    assertThat(input.readEach(files)).hasSize(FILES);
    assertThat(units.origin.count(Operation.READ)).as("those that were missing").isEqualTo(2);
  }

  @Test
  void anOutageOfOneFileIsAnErrorOfAll() {
    units.origin.setFault(
        request -> {
          if (request.location().name().equals("f20")) {
            throw new IOException("broken f20");
          }
        });
    assertThatThrownBy(() -> input.readEach(files)).hasMessage("broken f20");
  }

  @Test
  void readsAFileAgainAndTheOthersNot() throws IOException {
    input.readEach(files);
    units.origin.clearRequests();

    ByteChunks again = input.readAgain(files.get(7));

    assertThat(again.copy(0, (int) again.length())).isEqualTo(content(7));
    assertThat(units.origin.requests())
        .filteredOn(request -> request.operation() == Operation.READ)
        .extracting(request -> request.location().name())
        .containsExactly("f7");
    assertContent(input.readAll(files));
    assertThat(units.origin.count(Operation.READ)).isEqualTo(1);
  }

  @Test
  void refusesAGroupThatTheMemoryCannotHold() {
    units.cache(4000, "lru");
    reopen();

    assertThatThrownBy(() -> input.readAll(files))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(
            "it needs 4780 bytes of memory, but half of cache.memory.size is 2000");
    assertThat(units.origin.count(Operation.READ)).isZero();
  }

  @Test
  void anInterruptEndsIt() throws Exception {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    units.origin.setFault(
        request -> {
          if (request.operation() == Operation.READ) {
            pause();
            pause();
          }
        });
    Thread reader =
        new Thread(
            () -> {
              try {
                input.readAll(files);
              } catch (IOException e) {
                thrown.set(e);
              }
            });
    reader.start();
    Await.until("reads are under way", () -> units.origin.count(Operation.READ) > 2);

    reader.interrupt();
    reader.join();

    assertThat(thrown.get()).isInstanceOf(InterruptedIOException.class);
  }
}
