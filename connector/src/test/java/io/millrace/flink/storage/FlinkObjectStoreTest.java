// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.storage;

import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStore;
import io.millrace.storage.ObjectStoreContractTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
final class FlinkObjectStoreTest extends ObjectStoreContractTest {

  @TempDir private Path directory;

  private final FlinkObjectStore store = new FlinkObjectStore();

  @Override
  protected ObjectStore store() {
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
  void closeStore() {
    store.close();
  }
}
