// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
final class TestingObjectStoreTest extends ObjectStoreContractTest {

  @TempDir private Path directory;

  @Override
  protected ObjectStore store() {
    return new TestingObjectStore(directory);
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
}
