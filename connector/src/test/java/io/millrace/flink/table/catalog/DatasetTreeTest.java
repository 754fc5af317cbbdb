// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.storage.StorageSettings;
import io.millrace.storage.TestingObjectStore;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class DatasetTreeTest {

  @TempDir Path directory;

  /** One such as {@code lost+found} beside the datasets must not hide them. */
  @Test
  void whatMayNotBeReadIsNotShown() throws IOException {
    TestingObjectStore store = new TestingObjectStore(directory);
    DatasetTree tree = new DatasetTree(List.of(store.root()), StorageSettings.DEFAULTS);
    assertThat(tree.shownKind(store, store.root())).isEqualTo(DatasetTree.Kind.FOLDER);
    store.setFault(
        request -> {
          throw new AccessDeniedException(request.location().toString());
        });

    assertThat(tree.shownKind(store, store.root())).isEqualTo(DatasetTree.Kind.NOTHING);

    store.setFault(
        request -> {
          throw new IOException("reset");
        });
    assertThatThrownBy(() -> tree.shownKind(store, store.root())).hasMessage("reset");
  }
}
