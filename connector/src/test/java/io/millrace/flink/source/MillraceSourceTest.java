// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.flink.scan.DatasetSummary;
import io.millrace.flink.source.enumerator.MillraceEnumeratorState;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.flink.source.split.SplitRequestEvent;
import io.millrace.flink.typeinfo.SampleTypeInfo;
import io.millrace.format.mds.MdsWriter;
import io.millrace.sample.Sample;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.connector.testutils.source.reader.TestingSplitEnumeratorContext;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class MillraceSourceTest {

  @TempDir Path directory;

  private MillraceSourceBuilder builder() {
    return MillraceSource.builder().path(directory.toUri().toString());
  }

  private void writeDataset() throws IOException {
    try (MdsWriter writer =
        new MdsWriter(directory, Map.of("id", "int", "text", "str")).hashes("xxh64")) {
      for (long i = 0; i < 7; i++) {
        writer.write(Map.of("id", i, "text", "number " + i));
        if (i % 3 == 2) {
          writer.endShard();
        }
      }
    }
  }

  @Test
  void tellsWhatTheDatasetIs() throws IOException {
    writeDataset();
    MillraceSource<Sample> source = builder().build();

    DatasetSummary dataset = source.dataset();
    assertThat(dataset.format()).isEqualTo("mds");
    assertThat(dataset.shards()).isEqualTo(3);
    assertThat(dataset.units()).isEqualTo(3);
    assertThat(dataset.samples()).isEqualTo(7);
    assertThat(dataset.storedBytes())
        .isEqualTo(
            Files.size(directory.resolve("shard.00000.mds"))
                + Files.size(directory.resolve("shard.00001.mds"))
                + Files.size(directory.resolve("shard.00002.mds")));
    assertThat(dataset.largestUnitBytes())
        .isEqualTo(Files.size(directory.resolve("shard.00000.mds")));
    assertThat(source.schema()).isEqualTo(dataset.schema());
    assertThat(source.getProducedType()).isEqualTo(new SampleTypeInfo(source.schema()));
  }

  @Test
  void isSerializable() throws Exception {
    writeDataset();
    MillraceSource<Sample> source = builder().scanEpochs(2).scanShuffle(true).build();

    MillraceSource<Sample> copy = InstantiationUtil.clone(source);

    assertThat(copy.dataset()).isEqualTo(source.dataset());
    assertThat(copy.schema()).isEqualTo(source.schema());
    assertThat(copy.scanId()).isEqualTo(source.scanId());
    assertThat(copy.getBoundedness()).isEqualTo(Boundedness.BOUNDED);
    assertThat(copy.getProducedType()).isEqualTo(source.getProducedType());
    assertThat(copy.getSplitSerializer().getVersion()).isEqualTo(5);
    assertThat(copy.getEnumeratorCheckpointSerializer().getVersion()).isEqualTo(6);
  }

  @Test
  void refusesToStartAtAUnitThatIsNot() throws IOException {
    writeDataset();
    assertThat(builder().scanStartPosition(2L << 32).build().dataset().units()).isEqualTo(3);
    assertThatThrownBy(() -> builder().scanStartPosition(3L << 32).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Cannot use scan.start.position = 12884901888: it is in the unit of rank 3, but an"
                + " epoch has 3 units")
        .hasMessageContaining("set scan.start.epoch = 1 and leave scan.start.position out");
  }

  @Test
  void aCheckpointWithoutADatasetBeginsWhereTheJobSays() throws Exception {
    writeDataset();
    TestingSplitEnumeratorContext<MillraceSplit> context = new TestingSplitEnumeratorContext<>(1);
    MillraceEnumeratorState state =
        builder()
            .scanEpochs(9)
            .scanStartEpoch(5)
            .build()
            .createEnumerator(context)
            .snapshotState(1);
    assertThat(state.isBegun()).isFalse();
    assertThat(state.progress().epoch()).isEqualTo(5);

    MillraceEnumeratorState restored =
        builder()
            .scanEpochs(9)
            .scanStartEpoch(3)
            .build()
            .restoreEnumerator(context, state)
            .snapshotState(2);

    assertThat(restored.progress().epoch()).isEqualTo(3);
  }

  /** Whoever comes first is answered though another reader has not said where its cache is. */
  @Test
  void assignsAsTheJobSays() throws Exception {
    writeDataset();
    assertThat(answersTheFirst(builder().build())).isFalse();
    assertThat(answersTheFirst(builder().scanAssignment("sticky").build())).isFalse();
    assertThat(answersTheFirst(builder().scanAssignment("first-come").build())).isTrue();
    assertThat(answersTheFirst(builder().scanDiscoveryInterval(Duration.ofHours(1)).build()))
        .as("nothing is read twice")
        .isTrue();
  }

  private static boolean answersTheFirst(MillraceSource<Sample> source) throws Exception {
    TestingSplitEnumeratorContext<MillraceSplit> context = new TestingSplitEnumeratorContext<>(2);
    try (var enumerator = source.createEnumerator(context)) {
      enumerator.start();
      context.triggerAllActions();
      context.registerReader(0, "host");
      enumerator.addReader(0);
      enumerator.handleSourceEvent(
          0, new SplitRequestEvent("cache", 1, 0, 1, SplitRequestEvent.HOLDS_NONE));
      return !context.getSplitAssignments().isEmpty();
    }
  }

  @Test
  void isBoundedUnlessItsEpochsAreNot() throws IOException {
    writeDataset();
    assertThat(builder().build().getBoundedness()).isEqualTo(Boundedness.BOUNDED);
    assertThat(builder().scanEpochsUnbounded().build().getBoundedness())
        .isEqualTo(Boundedness.CONTINUOUS_UNBOUNDED);
    assertThat(builder().scanDiscoveryInterval(Duration.ofSeconds(1)).build().getBoundedness())
        .isEqualTo(Boundedness.CONTINUOUS_UNBOUNDED);
  }

  @Test
  void readsTheChosenFieldsInTheChosenOrder() throws IOException {
    writeDataset();
    assertThat(builder().fields("text", "id").build().schema().toString())
        .isEqualTo(builder().build().schema().project(java.util.List.of("text", "id")).toString());
    assertThat(builder().fields("text").build().schema().size()).isEqualTo(1);

    assertThatThrownBy(() -> builder().fields("id", "label").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("label")
        .hasMessageContaining("id, text");
  }

  @Test
  void needsAPath() {
    assertThatThrownBy(() -> MillraceSource.builder().build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot read a dataset: option path is missing");
  }

  @Test
  void saysThatThePathDoesNotExist() {
    assertThatThrownBy(() -> builder().path(directory.resolve("nothing").toUri() + "x").build())
        .isInstanceOf(UncheckedIOException.class)
        .hasCauseInstanceOf(FileNotFoundException.class)
        .hasMessage(
            "Cannot read the dataset at file://%s/nothingx: Cannot list file://%s/nothingx: no such"
                + " directory",
            directory, directory);
  }

  @Test
  void readsTheIndexFromTheNextReplicaWhereOneHasNone() throws Exception {
    writeDataset();
    String missing = directory.resolve("missing").toUri() + "x";
    MillraceSource<Sample> plain = builder().build();

    MillraceSource<Sample> source = builder().path(missing + ";" + directory.toUri()).build();

    assertThat(source.dataset()).isEqualTo(plain.dataset());
    TestingSplitEnumeratorContext<MillraceSplit> context = new TestingSplitEnumeratorContext<>(1);
    source.createEnumerator(context).start();
    context.triggerAllActions();
  }

  @Test
  void saysThatNoReplicaHasTheDataset() {
    String path = directory.resolve("a").toUri() + ";" + directory.resolve("b").toUri();

    assertThatThrownBy(() -> builder().path(path).build())
        .isInstanceOf(UncheckedIOException.class)
        .hasCauseInstanceOf(FileNotFoundException.class)
        .hasMessage(
            "Cannot read the dataset at file://%1$s/a: Cannot list file://%1$s/a: all 2 replicas"
                + " failed: file://%1$s/a: Cannot list file://%1$s/a: no such directory;"
                + " file://%1$s/b: Cannot list file://%1$s/b: no such directory",
            directory);
  }

  @Test
  void aCheckpointWithOneRootIsResumedWithReplicasAndBack() throws Exception {
    writeDataset();
    MillraceSource<Sample> one = builder().build();
    MillraceSource<Sample> two =
        builder().path(directory.toUri() + ";" + directory.resolve("copy").toUri()).build();

    assertResumes(one, two);
    assertResumes(two, one);
  }

  private static void assertResumes(MillraceSource<Sample> before, MillraceSource<Sample> after)
      throws Exception {
    TestingSplitEnumeratorContext<MillraceSplit> context = new TestingSplitEnumeratorContext<>(1);
    var enumerator = before.createEnumerator(context);
    enumerator.start();
    context.triggerAllActions();
    var restored = after.restoreEnumerator(context, enumerator.snapshotState(1));
    restored.start();
    context.triggerAllActions();
  }

  @Test
  void saysThatThereIsNoDataset() throws IOException {
    assertThatThrownBy(() -> builder().build())
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageEndingWith(": it holds nothing; known formats are mds, torch");

    Files.createDirectory(directory.resolve("train"));
    try (MdsWriter writer = new MdsWriter(directory.resolve("train"), Map.of("id", "int"))) {
      writer.write(Map.of("id", 1L));
    }
    assertThatThrownBy(() -> builder().build())
        .hasMessageContaining(
            "it holds train/; known formats are mds, torch; there are datasets below it")
        .hasMessageEndingWith("/train (mds)");
  }

  @Test
  void listsTheFormatsThatItKnows() {
    assertThatThrownBy(() -> builder().format("zarr").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot use format \"zarr\": known formats are mds, torch");
  }

  @Test
  void saysWhereTheIndexIsDamaged() throws IOException {
    writeDataset();
    Files.writeString(directory.resolve("index.json"), "{\"shards\": [}");

    assertThatThrownBy(() -> builder().build())
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("Cannot read the dataset at " + "file:")
        .hasMessageContaining("/index.json at offset ");
  }

  @Test
  void saysThatTheMemoryIsTooSmall() throws IOException {
    writeDataset();
    long unit = Files.size(directory.resolve("shard.00000.mds"));

    assertThatThrownBy(() -> builder().cacheMemorySize(new MemorySize(unit)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot read the dataset at file:")
        .hasMessageEndingWith(
            ": its largest unit takes %d bytes of memory, but half of cache.memory.size is %d; set"
                + " cache.memory.size to at least %d bytes",
            unit, unit / 2, 2 * unit);
    builder().cacheMemorySize(new MemorySize(2 * unit)).build();
  }

  @Test
  void showsNoCredentials() {
    assertThatThrownBy(() -> MillraceSource.builder().path("nofs://user:secret@host/data").build())
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith("Cannot read the dataset at nofs://host/data: ")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
  }

  @Test
  void failsTheStartOfAnEnumeratorThatWouldChangeTheOrder() throws Exception {
    writeDataset();
    TestingSplitEnumeratorContext<MillraceSplit> context = new TestingSplitEnumeratorContext<>(1);
    MillraceEnumeratorState state =
        builder().scanShuffle(true).build().createEnumerator(context).snapshotState(1);
    MillraceSource<Sample> other = builder().scanShuffle(true).scanShuffleSeed(5).build();

    other.restoreEnumerator(context, state).start();

    assertThatThrownBy(context::triggerAllActions)
        .hasStackTraceContaining(
            "Cannot restore from the checkpoint: the order of the samples would change:"
                + " scan.shuffle.seed was 0 and is 5");
  }

  @Test
  void failsTheStartOfAnEnumeratorWhoseDatasetHasOtherFields() throws IOException {
    writeDataset();
    MillraceSource<Sample> source = builder().build();
    try (MdsWriter writer = new MdsWriter(directory, Map.of("label", "int"))) {
      writer.write(Map.of("label", 1L));
    }
    TestingSplitEnumeratorContext<MillraceSplit> context = new TestingSplitEnumeratorContext<>(1);
    source.createEnumerator(context).start();

    assertThatThrownBy(context::triggerAllActions)
        .hasStackTraceContaining("Cannot read the dataset at file:")
        .hasStackTraceContaining("but the job was built for");
  }
}
