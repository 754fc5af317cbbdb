// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of stores, where the first replica has nothing, so that the second one answers. */
@Tag("unit")
final class ReplicatedObjectStoreContractTest extends ObjectStoreContractTest {

  @TempDir private Path directory;

  private TestingReplicas replicas;

  @Override
  protected ObjectStore store() {
    replicas = new TestingReplicas(directory, 2);
    return replicas.store();
  }

  @Override
  protected ObjectLocation newRoot() throws IOException {
    Files.createDirectories(replicas.path(1));
    return replicas.root(0);
  }

  @Override
  protected void write(ObjectLocation object, byte[] content) throws IOException {
    String path = object.uri().substring(replicas.root(0).uri().length() + 1);
    replicas.write(path, content, 1);
  }

  /** Of versions it tells only the length. */
  @Test
  @Override
  void tellsTheVersionOfAnObject() throws IOException {
    ObjectLocation object = replicas.root(0).resolve("object");
    write(object, new byte[17]);
    ObjectStore store = replicas.store();

    assertThat(store.status(object))
        .isEqualTo(new ObjectStatus(object, new ObjectVersion(17, 0, ""), false));
    assertThat(store.list(replicas.root(0))).containsExactly(store.status(object));
  }

  /** Its messages say what each replica says; the first one decides of which kind they are. */
  @Test
  @Override
  void refusesToOpenADirectory() throws IOException {
    replicas.write("a/b", new byte[1]);

    assertThatExceptionOfType(PermanentStorageException.class)
        .isThrownBy(() -> replicas.store().open(replicas.root(0).resolve("a")))
        .withMessageStartingWith("Cannot open " + replicas.root(0) + "/a: all 2 replicas failed: ")
        .withMessageEndingWith("Cannot open " + replicas.root(1) + "/a: it is a directory");
  }

  @Test
  @Override
  void namesTheOffsetWhereAnObjectEndsTooEarly() throws IOException {
    ObjectLocation object = replicas.write("object", new byte[10]);

    try (RangeReader reader = replicas.store().open(object)) {
      assertThatExceptionOfType(CorruptObjectException.class)
          .isThrownBy(() -> reader.readFully(8, ByteChunks.allocate(3)))
          .withMessageStartingWith("Corrupt object " + object + " at offset 10: all 2 replicas")
          .withMessageEndingWith("it ends before 11")
          .satisfies(e -> assertThat(e.offset()).isEqualTo(10))
          .satisfies(e -> assertThat(e.object()).isEqualTo(object));
    }
  }

  @Test
  @Override
  void readsAnEmptyObject() throws IOException {
    ObjectLocation object = replicas.write("empty", new byte[0]);

    try (RangeReader reader = replicas.store().open(object)) {
      reader.readFully(0, ByteChunks.allocate(0));
      assertThatExceptionOfType(CorruptObjectException.class)
          .isThrownBy(() -> reader.readFully(0, ByteChunks.allocate(1)));
    }
  }
}
