// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.format.GenerationListing;
import io.millrace.format.Shard;
import io.millrace.format.ShardList;
import io.millrace.format.ShardObject;
import io.millrace.sample.Schema;
import io.millrace.storage.TestingObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class GrowingTreeTest {

  private static final long FIRST = Long.MIN_VALUE;

  @TempDir Path directory;

  private final TorchFormat format = new TorchFormat();
  private TestingObjectStore store;
  private Schema schema;

  @BeforeEach
  void writeTwoFiles() throws IOException {
    write("m/1.pt", 1_000);
    write("m/2.pt", 2_000);
    write("n.pt", 2_000);
    store = new TestingObjectStore(directory);
    schema = format.discover(store, store.root()).schema();
    store.clearRequests();
  }

  private void write(String name, long changed) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    TorchWriter.write(file, Map.of("value", (Object) changed));
    Files.setLastModifiedTime(file, FileTime.fromMillis(changed));
  }

  private GenerationListing discover(long next, long... known) throws IOException {
    return format.discover(store, store.root(), schema, known, next);
  }

  private static List<String> paths(ShardList shards) {
    return shards.stream()
        .flatMap(shard -> shard.objects().stream())
        .map(ShardObject::path)
        .toList();
  }

  @Test
  void aGenerationIsWhatWasWrittenInASpanOfTime() throws IOException {
    write("a.pt", 3_000);

    GenerationListing found = discover(3_000, 1_000, 2_000);

    assertThat(paths(found.known().get(0))).containsExactly("m/1.pt");
    assertThat(paths(found.known().get(1))).containsExactly("m/2.pt", "n.pt");
    assertThat(paths(found.next())).as("sorts before the others").containsExactly("a.pt");
    assertThat(found.newest()).isEqualTo(3_000);
    assertThat(discover(2_999, FIRST, 2_000).next()).isEmpty();
    assertThat(discover(2_999, FIRST, 2_000).newest()).isEqualTo(3_000);
    assertThat(discover(FIRST, FIRST, FIRST).next()).isEmpty();
  }

  @Test
  void groupsAGenerationAsIfNothingElseWereThere() throws IOException {
    List<Shard> alone = new ArrayList<>(discover(2_000, FIRST).next());
    write("m/0.pt", 3_000);
    write("m/1a.pt", 3_000);

    GenerationListing found = discover(3_000, 2_000);

    assertThat(new ArrayList<>(found.known().get(0))).isEqualTo(alone);
    assertThat(found.next()).hasSize(1);
    assertThat(found.next().get(0).name()).isEqualTo("m/0.pt");
    assertThat(found.next().get(0).index()).isZero();
    assertThat(found.next().get(0).descriptor())
        .isEqualTo(format.discover(store, store.root()).shards().get(0).descriptor());
  }

  @Test
  void listsAndReadsNoFile() throws IOException {
    discover(5_000, 2_000);

    assertThat(store.count(TestingObjectStore.Operation.LIST)).isEqualTo(2);
    assertThat(store.requests()).hasSize(2);
  }

  @Test
  void leavesAFileOutThatHasNoByteYet() throws IOException {
    Path file = Files.createFile(directory.resolve("b.pt"));
    Files.setLastModifiedTime(file, FileTime.fromMillis(2_500));

    assertThat(discover(9_000, 2_000).next()).isEmpty();
    assertThat(paths(discover(9_000, 2_500).known().get(0))).hasSize(3);
    write("b.pt", 2_700);
    assertThat(paths(discover(9_000, 2_500).next())).containsExactly("b.pt");
  }

  /** Of both forms of a sample the one that is not compressed is read, whenever it came. */
  @Test
  void aSampleThatWasInflatedIsNoNewOne() throws IOException {
    write("z.pt.zst", 2_000);
    assertThat(paths(discover(9_000, 2_000).known().get(0))).endsWith("z.pt.zst");
    write("z.pt", 3_000);
    GenerationListing found = discover(9_000, 2_000);
    assertThat(paths(found.known().get(0))).doesNotContain("z.pt.zst");

    write("n.pt.zst", 4_000);
    assertThat(paths(discover(9_000, 3_000).next())).isEmpty();
  }

  @Test
  void refusesFilesWithoutAModificationTime() throws IOException {
    write("o.pt", 0);

    assertThatThrownBy(() -> discover(9_000, 2_000))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot tell new files of %s from old ones: o.pt has no modification time; leave"
                + " scan.discovery.interval and scan.restore.on-change = accept-new-shards out",
            store.root());
  }

  @Test
  void filesMayBeSeenWhileTheyAreWritten() {
    assertThat(format.isCompleteWhenSeen()).isFalse();
  }
}
