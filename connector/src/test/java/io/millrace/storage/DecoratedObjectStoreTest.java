// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
final class DecoratedObjectStoreTest extends ObjectStoreContractTest {

  @TempDir private Path directory;

  private DecoratedObjectStore store;

  @Override
  protected ObjectStore store() {
    store =
        ObjectStores.decorated(
            new TestingObjectStore(directory), StorageSettings.DEFAULTS, new OriginCounters());
    return store;
  }

  @Override
  protected ObjectLocation newRoot() {
    return ObjectLocation.of("file:" + directory);
  }

  @Override
  protected void write(ObjectLocation object, byte[] content) throws IOException {
    Path file = Path.of(object.uri().substring("file:".length()));
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  @AfterEach
  void closeStore() throws IOException {
    store.close();
  }

  @Test
  void refusesRequestsOnceClosed() throws IOException {
    store.close();

    assertThatExceptionOfType(PermanentStorageException.class)
        .isThrownBy(() -> store.list(newRoot()))
        .withMessage("Cannot list file:" + directory + ": the store is closed");
  }

  @Test
  void givesItselfForASingleRoot() {
    assertThat(store.replicated(List.of(newRoot()))).isSameAs(store);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.replicated(List.of()))
        .withMessage("Cannot read from no root");
  }

  @Test
  void givesAllWhoReadTheSameReplicasTheSameStore() {
    List<ObjectLocation> roots = List.of(newRoot().resolve("a"), newRoot().resolve("b"));

    assertThat(store.replicated(roots)).isSameAs(store.replicated(new ArrayList<>(roots)));
    assertThat(store.replicated(roots))
        .isNotSameAs(store.replicated(List.of(roots.get(1), roots.get(0))));
  }
}
