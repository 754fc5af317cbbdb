// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store must do. Each test gets a root of its own, which exists and is empty. */
public abstract class ObjectStoreContractTest {

  private static final int CHUNK = ByteChunks.CHUNK_SIZE;

  private ObjectStore store;
  private ObjectLocation root;

  /** The store under test; the subclass closes it. */
  protected abstract ObjectStore store() throws IOException;

  /** A new, empty directory. */
  protected abstract ObjectLocation newRoot() throws IOException;

  /** Writes an object by other means than the store, with the directories above it. */
  protected abstract void write(ObjectLocation object, byte[] content) throws IOException;

  @BeforeEach
  void setUpContract() throws IOException {
    store = store();
    root = newRoot();
  }

  @AfterEach
  void clearInterrupt() {
    boolean unused = Thread.interrupted();
  }

  @Test
  void listsChildrenInOrderOfTheirNames() throws IOException {
    write(root.resolve("b"), new byte[2]);
    write(root.resolve("B"), new byte[1]);
    write(root.resolve("a.tar"), new byte[3]);
    write(root.resolve("a/below"), new byte[4]);
    write(root.resolve(".hidden"), new byte[5]);

    List<ObjectStatus> children = store.list(root);

    assertThat(children)
        .extracting(child -> child.location().uri().substring(root.uri().length()))
        .containsExactly("/.hidden", "/B", "/a", "/a.tar", "/b");
    assertThat(children)
        .extracting(ObjectStatus::directory)
        .containsExactly(false, false, true, false, false);
    assertThat(children)
        .extracting(child -> child.version().length())
        .containsExactly(5L, 1L, 0L, 3L, 2L);
  }

  @Test
  void listsAnEmptyDirectoryAsEmpty() throws IOException {
    assertThat(store.list(root)).isEmpty();
  }

  @Test
  void refusesToListWhatIsNoDirectory() throws IOException {
    write(root.resolve("file"), new byte[1]);

    assertThatExceptionOfType(FileNotFoundException.class)
        .isThrownBy(() -> store.list(root.resolve("missing")))
        .withMessageContaining("Cannot list " + root + "/missing: ");
    assertThatExceptionOfType(FileNotFoundException.class)
        .isThrownBy(() -> store.list(root.resolve("file")))
        .withMessageContaining("Cannot list " + root + "/file: ");
  }

  @Test
  void tellsTheVersionOfAnObject() throws IOException {
    ObjectLocation object = root.resolve("object");
    write(object, new byte[17]);

    ObjectStatus status = store.status(object);

    assertThat(status.location()).isEqualTo(object);
    assertThat(status.directory()).isFalse();
    assertThat(status.version().length()).isEqualTo(17);
    assertThat(status.version().modifiedMillis()).isPositive();
    assertThat(store.list(root)).containsExactly(status);
  }

  @Test
  void tellsADirectoryFromAnObject() throws IOException {
    write(root.resolve("a/b"), new byte[1]);

    ObjectStatus status = store.status(root.resolve("a"));

    assertThat(status.directory()).isTrue();
    assertThat(status.version()).isEqualTo(new ObjectVersion(0, 0, ""));
  }

  @Test
  void seesTheNewVersionOfAReplacedObject() throws IOException {
    ObjectLocation object = root.resolve("object");
    write(object, new byte[] {1, 2, 3});
    read(object, 0, 3);

    write(object, new byte[] {4, 5, 6, 7});

    assertThat(store.status(object).version().length()).isEqualTo(4);
    assertThat(read(object, 0, 4)).containsExactly(4, 5, 6, 7);
  }

  @Test
  void namesAMissingObject() {
    ObjectLocation missing = root.resolve("missing");

    assertThatExceptionOfType(FileNotFoundException.class)
        .isThrownBy(() -> store.status(missing))
        .withMessageContaining("Cannot read the status of " + missing + ": ");
    assertThatExceptionOfType(FileNotFoundException.class)
        .isThrownBy(() -> read(missing, 0, 1))
        .withMessageContaining("Cannot open " + missing + ": ");
  }

  @Test
  void refusesToOpenADirectory() throws IOException {
    write(root.resolve("a/b"), new byte[1]);

    assertThatExceptionOfType(PermanentStorageException.class)
        .isThrownBy(() -> read(root.resolve("a"), 0, 1))
        .withMessage("Cannot open " + root + "/a: it is a directory");
  }

  @Test
  void readsRangesInAnyOrderAcrossChunks() throws IOException {
    byte[] content = new byte[2 * CHUNK + 1000];
    new Random(1).nextBytes(content);
    ObjectLocation object = root.resolve("object");
    write(object, content);

    try (RangeReader reader = store.open(object)) {
      assertThat(reader.location()).isEqualTo(object);
      for (long[] range :
          new long[][] {
            {0, content.length},
            {content.length - 1, 1},
            {0, 1},
            {1, CHUNK},
            {CHUNK - 1, CHUNK + 1},
            {CHUNK, CHUNK},
            {7, 0},
            {content.length, 0}
          }) {
        ByteChunks target = ByteChunks.allocate(range[1]);
        reader.readFully(range[0], target);
        assertThat(target.copy(0, (int) range[1]))
            .as("%d bytes at %d", range[1], range[0])
            .isEqualTo(Arrays.copyOfRange(content, (int) range[0], (int) (range[0] + range[1])));
      }
    }
  }

  @Test
  void namesTheOffsetWhereAnObjectEndsTooEarly() throws IOException {
    ObjectLocation object = root.resolve("object");
    write(object, new byte[10]);

    try (RangeReader reader = store.open(object)) {
      assertThatExceptionOfType(CorruptObjectException.class)
          .isThrownBy(() -> reader.readFully(8, ByteChunks.allocate(3)))
          .withMessage("Corrupt object " + object + " at offset 10: it ends before 11")
          .satisfies(e -> assertThat(e.offset()).isEqualTo(10))
          .satisfies(e -> assertThat(e.object()).isEqualTo(object));
    }
    try (RangeReader reader = store.open(object)) {
      assertThatExceptionOfType(CorruptObjectException.class)
          .isThrownBy(() -> reader.readFully(500, ByteChunks.allocate(1)))
          .withMessageContaining("it ends before 501");
    }
  }

  @Test
  void readsAnEmptyObject() throws IOException {
    ObjectLocation object = root.resolve("empty");
    write(object, new byte[0]);

    assertThat(read(object, 0, 0)).isEmpty();
    assertThatExceptionOfType(CorruptObjectException.class).isThrownBy(() -> read(object, 0, 1));
  }

  @Test
  void refusesANegativePosition() throws IOException {
    ObjectLocation object = root.resolve("object");
    write(object, new byte[10]);

    assertThatThrownBy(() -> read(object, -1, 1)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "with space",
        " leading and trailing ",
        "a#b",
        "a?b",
        "100%",
        "a%20b",
        "a+b&c=d;e,f",
        "[x]{y}'z\"",
        "größe-数据-🙂",
        "~.part..",
        "a@b"
      })
  void readsNamesAsTheyStand(String name) throws IOException {
    ObjectLocation object = root.resolve(name).resolve(name);
    write(object, new byte[] {1, 2, 3});

    assertThat(store.list(root))
        .extracting(ObjectStatus::location)
        .containsExactly(root.resolve(name));
    ObjectStatus status = store.list(root.resolve(name)).get(0);
    assertThat(status.location()).isEqualTo(object);
    assertThat(store.status(object)).isEqualTo(status);
    assertThat(read(object, 1, 2)).containsExactly(2, 3);
  }

  @Test
  void failsAReadAfterClose() throws IOException {
    ObjectLocation object = root.resolve("object");
    write(object, new byte[10]);
    RangeReader reader = store.open(object);
    reader.close();
    reader.close();

    assertThatIOException().isThrownBy(() -> reader.readFully(0, ByteChunks.allocate(1)));
  }

  @Test
  void anInterruptEndsARead() throws IOException {
    ObjectLocation object = root.resolve("object");
    write(object, new byte[10]);

    try (RangeReader reader = store.open(object)) {
      Thread.currentThread().interrupt();
      assertThatExceptionOfType(InterruptedIOException.class)
          .isThrownBy(() -> reader.readFully(0, ByteChunks.allocate(10)));
      assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
    }
    assertThat(read(object, 0, 10)).hasSize(10);
  }

  private byte[] read(ObjectLocation object, long position, int length) throws IOException {
    try (RangeReader reader = store.open(object)) {
      ByteChunks target = ByteChunks.allocate(length);
      reader.readFully(position, target);
      return target.copy(0, length);
    }
  }
}
