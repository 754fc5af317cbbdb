// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.format.DatasetFormats;
import io.millrace.format.torch.TorchWriter;
import io.millrace.storage.TestingObjectStore;
import io.millrace.storage.TestingObjectStore.Operation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class RootListedOnceTest {

  @TempDir Path directory;

  @Test
  void discoveryListsEachDirectoryOnce() throws Exception {
    Files.createDirectory(directory.resolve("sub"));
    TorchWriter.write(directory.resolve("a.pt"), Map.of("x", 1L));
    TorchWriter.write(directory.resolve("sub/b.pt"), Map.of("x", 2L));
    TestingObjectStore origin = new TestingObjectStore(directory);
    RootListedOnce store = new RootListedOnce(origin, origin.root());

    DatasetFormats formats = DatasetFormats.load(getClass().getClassLoader());
    var manifest = formats.detect(store, origin.root()).discover(store, origin.root());

    assertThat(manifest.samples()).isEqualTo(2);
    assertThat(origin.count(Operation.LIST)).isEqualTo(2);
    assertThat(store.status(origin.location("a.pt")).directory()).isFalse();
  }

  @Test
  void aListingThatIsGivenServesTwoLooks() throws Exception {
    TestingObjectStore origin = new TestingObjectStore(directory);
    RootListedOnce store = new RootListedOnce(origin, origin.root(), List.of());
    Files.createFile(directory.resolve("new"));

    assertThat(store.list(origin.root())).isEmpty();
    assertThat(store.list(origin.root())).isEmpty();
    assertThat(origin.count(Operation.LIST)).isZero();
    assertThat(store.list(origin.root())).hasSize(1);
    assertThat(store.list(origin.root())).hasSize(1);
  }

  @Test
  void aThirdLookSeesWhatIsNew() throws Exception {
    TestingObjectStore origin = new TestingObjectStore(directory);
    RootListedOnce store = new RootListedOnce(origin, origin.root());
    assertThat(store.list(origin.root())).isEmpty();
    Files.createFile(directory.resolve("new"));

    assertThat(store.list(origin.root())).isEmpty();
    assertThat(store.list(origin.root())).hasSize(1);
    Files.delete(directory.resolve("new"));
    assertThat(store.list(origin.root())).isEmpty();
  }
}
