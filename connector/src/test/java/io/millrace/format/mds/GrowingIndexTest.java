// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.format.DatasetChangedException;
import io.millrace.format.DatasetManifest;
import io.millrace.format.GenerationListing;
import io.millrace.format.Shard;
import io.millrace.format.ShardList;
import io.millrace.sample.Schema;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.TestingObjectStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class GrowingIndexTest {

  private static final long END = Long.MAX_VALUE;

  @TempDir Path directory;

  private final MdsFormat format = new MdsFormat();
  private TestingObjectStore store;
  private Schema schema;

  @BeforeEach
  void writeThreeShards() throws IOException {
    try (MdsWriter writer = writer("id")) {
      addShards(writer, 3);
    }
    store = new TestingObjectStore(directory);
    schema = format.discover(store, store.root()).schema();
  }

  private MdsWriter writer(String column) throws IOException {
    return new MdsWriter(directory, Map.of(column, "int"));
  }

  private static void addShards(MdsWriter writer, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      writer.write(Map.of("id", (long) i));
      writer.endShard();
    }
  }

  private GenerationListing discover(long next, long... known) throws IOException {
    return format.discover(store, store.root(), schema, known, next);
  }

  private static List<String> names(ShardList shards) {
    return shards.stream().map(Shard::name).toList();
  }

  @Test
  void aGenerationIsARunOfTheIndex() throws IOException {
    DatasetManifest whole = format.discover(store, store.root());

    GenerationListing found = discover(END, 1, 1);
    assertThat(names(found.known().get(0))).containsExactly("shard.00000.mds");
    assertThat(found.known().get(1)).isEmpty();
    assertThat(names(found.next())).containsExactly("shard.00001.mds", "shard.00002.mds");
    assertThat(found.newest()).isEqualTo(3);
    assertThat(new ArrayList<>(discover(END, Long.MIN_VALUE, Long.MIN_VALUE).next()))
        .isEqualTo(new ArrayList<>(whole.shards()));
    assertThat(discover(END, 2, 3).next()).isEmpty();
    assertThat(names(discover(2, 1).next())).containsExactly("shard.00001.mds");
  }

  @Test
  void whatIsAppendedIsNext() throws IOException {
    try (MdsWriter writer = writer("id").appending()) {
      addShards(writer, 2);
    }

    GenerationListing found = discover(END, 2, 3);

    assertThat(names(found.known().get(0))).containsExactly("shard.00000.mds", "shard.00001.mds");
    assertThat(names(found.known().get(1))).containsExactly("shard.00002.mds");
    assertThat(names(found.next())).containsExactly("shard.00003.mds", "shard.00004.mds");
    assertThat(found.next()).extracting(Shard::index).containsExactly(0, 1);
  }

  @Test
  void saysWhichKnownShardIsGoneOrChanged() throws IOException {
    Path shard = directory.resolve("shard.00001.mds");
    byte[] bytes = Files.readAllBytes(shard);
    Files.delete(shard);
    assertThatThrownBy(() -> discover(END, 3))
        .isInstanceOf(DatasetChangedException.class)
        .hasMessage(
            "Cannot go on reading %1$s: dataset changed: Cannot find %1$s/shard.00001.mds, which"
                + " shards[1].raw_data of %1$s/index.json names",
            store.root());
    Files.write(shard, new byte[bytes.length - 1]);
    assertThatThrownBy(() -> discover(END, 1, 2))
        .isInstanceOf(DatasetChangedException.class)
        .hasMessageContaining("shard.00001.mds at offset " + (bytes.length - 1));
  }

  /** A writer may name a shard before it is there: there is nothing to be said against it yet. */
  @Test
  void anUnknownShardMayStillBeOnItsWay() throws IOException {
    Path shard = directory.resolve("shard.00002.mds");
    byte[] bytes = Files.readAllBytes(shard);
    Files.delete(shard);
    assertThatThrownBy(() -> discover(END, 2)).isInstanceOf(FileNotFoundException.class);
    Files.write(shard, new byte[3]);
    assertThatThrownBy(() -> discover(END, 2)).isInstanceOf(CorruptObjectException.class);
    Files.write(shard, bytes);
    assertThat(discover(END, 2).next()).hasSize(1);
  }

  @Test
  void anIndexMayBeSeenWhileItIsWritten() throws IOException {
    Path index = directory.resolve("index.json");
    String whole = Files.readString(index);
    for (int length : new int[] {0, 1, whole.length() / 2, whole.length() - 1}) {
      Files.writeString(index, whole.substring(0, length));
      assertThatThrownBy(() -> discover(END, 3))
          .isInstanceOf(CorruptObjectException.class)
          .hasMessageContaining("index.json");
    }
    Files.delete(index);
    assertThatThrownBy(() -> discover(END, 3)).isInstanceOf(FileNotFoundException.class);
    Files.writeString(index, whole);
    assertThat(discover(END, 3).known().get(0)).hasSize(3);
  }

  @Test
  void refusesAnIndexThatShrank() throws IOException {
    try (MdsWriter writer = writer("id")) {
      addShards(writer, 2);
    }
    assertThatThrownBy(() -> discover(END, 1, 3))
        .isInstanceOf(DatasetChangedException.class)
        .hasMessage(
            "Cannot go on reading %s: dataset changed: its index names 2 shards, but 3 were there"
                + " before",
            store.root());
  }

  @Test
  void refusesOtherFields() throws IOException {
    Files.delete(directory.resolve("index.json"));
    try (MdsWriter writer = writer("label")) {
      writer.write(Map.of("label", 1L));
    }
    assertThatThrownBy(() -> discover(END, 1))
        .isInstanceOf(DatasetChangedException.class)
        .hasMessageContaining(
            "dataset changed: its fields are (label int64), but the job was built for (id int64)");
  }

  @Test
  void shardsAreCompleteWhenTheyAreNamed() {
    assertThat(format.isCompleteWhenSeen()).isTrue();
  }
}
