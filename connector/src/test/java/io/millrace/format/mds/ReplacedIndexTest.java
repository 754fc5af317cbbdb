// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.format.DatasetManifest;
import io.millrace.format.GenerationListing;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectChangedException;
import io.millrace.storage.TestingObjectStore;
import io.millrace.storage.TestingObjectStore.Operation;
import io.millrace.storage.TestingObjectStore.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A writer puts a new index in place of the one that was listed, before it is read. */
@Tag("unit")
class ReplacedIndexTest {

  @TempDir Path directory;

  private final MdsFormat format = new MdsFormat();
  private TestingObjectStore store;

  @BeforeEach
  void writeTwoShards() throws IOException {
    try (MdsWriter writer = new MdsWriter(directory, Map.of("id", "int"))) {
      append(writer, 2);
    }
    store = new TestingObjectStore(directory);
  }

  private static void append(MdsWriter writer, int shards) throws IOException {
    for (int i = 0; i < shards; i++) {
      writer.write(Map.of("id", (long) i));
      writer.endShard();
    }
  }

  private void appendBefore(Request request, Operation operation, int[] left) throws IOException {
    boolean meant = request.operation() == operation && request.location().uri().endsWith(".json");
    if (meant && left[0] > 0) {
      left[0]--;
      try (MdsWriter writer = new MdsWriter(directory, Map.of("id", "int")).appending()) {
        append(writer, 1);
      }
    }
  }

  /** The new index is longer: as long as the old one, it is cut, and names shards not listed. */
  @Test
  void anIndexThatIsReplacedBeforeItIsReadIsListedAgain() throws IOException {
    int[] left = {2};
    store.setFault(request -> appendBefore(request, Operation.OPEN, left));

    DatasetManifest manifest = format.discover(store, store.root());

    assertThat(left).containsExactly(0);
    assertThat(manifest.shards()).hasSize(4);
    assertThat(store.count(Operation.LIST)).isEqualTo(3);
    assertThat(store.openReaders()).isZero();
  }

  @Test
  void anIndexThatIsReplacedAfterItIsReadIsReadAgain() throws IOException {
    int[] left = {1};
    store.setFault(request -> appendBefore(request, Operation.STATUS, left));

    assertThat(format.discover(store, store.root()).shards()).hasSize(3);
  }

  @Test
  void aDatasetThatGrowsIsNotTakenForChanged() throws IOException {
    var schema = format.discover(store, store.root()).schema();
    int[] left = {1};
    store.setFault(request -> appendBefore(request, Operation.OPEN, left));

    GenerationListing found =
        format.discover(store, store.root(), schema, new long[] {2}, Long.MAX_VALUE);

    assertThat(found.known().get(0)).hasSize(2);
    assertThat(found.next()).hasSize(1);
  }

  @Test
  void anIndexThatIsReplacedTimeAfterTimeIsSaidToChange() {
    int[] left = {100};
    store.setFault(request -> appendBefore(request, Operation.OPEN, left));

    assertThatExceptionOfType(ObjectChangedException.class)
        .isThrownBy(() -> format.discover(store, store.root()))
        .withMessageStartingWith(
            "Object " + store.root() + "/index.json changed while being read: expected ");
    assertThat(left).containsExactly(96);
  }

  @Test
  void anIndexThatStaysIsCorruptAtOnce() throws IOException {
    Files.writeString(directory.resolve("index.json"), "{");

    assertThatExceptionOfType(CorruptObjectException.class)
        .isThrownBy(() -> format.discover(store, store.root()));
    assertThat(store.count(Operation.OPEN)).isEqualTo(1);
  }
}
