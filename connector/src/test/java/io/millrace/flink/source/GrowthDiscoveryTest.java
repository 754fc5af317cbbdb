// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.flink.scan.ScanSettings;
import io.millrace.flink.source.enumerator.Looks;
import io.millrace.flink.source.enumerator.MillraceEnumeratorState;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.flink.source.split.SplitRequestEvent;
import io.millrace.format.DatasetFormat;
import io.millrace.format.DatasetManifest;
import io.millrace.format.Shard;
import io.millrace.format.ShardInput;
import io.millrace.format.ShardReader;
import io.millrace.format.mds.MdsWriter;
import io.millrace.format.torch.TorchWriter;
import io.millrace.sample.Sample;
import io.millrace.sample.Schema;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStatus;
import io.millrace.storage.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.connector.testutils.source.reader.TestingSplitEnumeratorContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Continuous discovery from the builder to the assignment of splits, on files. */
@Tag("unit")
class GrowthDiscoveryTest {

  @TempDir Path directory;

  private MillraceSourceBuilder builder() {
    return MillraceSource.builder()
        .path(directory.toUri().toString())
        .scanDiscoveryInterval(Duration.ofSeconds(1));
  }

  private void append(int shards, int samples) throws IOException {
    MdsWriter writer = new MdsWriter(directory, Map.of("id", "int", "text", "str"));
    try (writer) {
      if (Files.exists(directory.resolve("index.json"))) {
        writer.appending();
      }
      for (int shard = 0; shard < shards; shard++) {
        for (long i = 0; i < samples; i++) {
          writer.write(Map.of("id", i, "text", "x".repeat(100)));
        }
        writer.endShard();
      }
    }
  }

  /** All splits that a reader can have now. */
  private static List<String> drain(
      SplitEnumerator<MillraceSplit, MillraceEnumeratorState> enumerator,
      TestingSplitEnumeratorContext<MillraceSplit> context) {
    List<MillraceSplit> assigned = new ArrayList<>();
    for (int before = -1; before < assigned.size(); ) {
      before = assigned.size();
      enumerator.handleSourceEvent(
          0, new SplitRequestEvent("cache", 1, before, 10, SplitRequestEvent.HOLDS_NONE));
      var assignment = context.getSplitAssignments().get(0);
      assigned = assignment == null ? List.of() : List.copyOf(assignment.getAssignedSplits());
    }
    return assigned.stream().map(split -> split.shard().name()).toList();
  }

  private static TestingSplitEnumeratorContext<MillraceSplit> context() {
    TestingSplitEnumeratorContext<MillraceSplit> context = new TestingSplitEnumeratorContext<>(1);
    context.registerReader(0, "host");
    return context;
  }

  @Test
  void findsWhatIsAddedAndGoesOnFromACheckpoint() throws Exception {
    append(2, 3);
    MillraceSource<Sample> source =
        MillraceSource.builder()
            .dataset(Datasets.at(directory.toUri().toString()).renamed("id", "number"))
            .scanDiscoveryInterval(Duration.ofSeconds(1))
            .build();
    assertThat(source.schema()).hasToString("(number int64, text string)");
    TestingSplitEnumeratorContext<MillraceSplit> context = context();
    var enumerator = source.createEnumerator(context);
    enumerator.start();
    Looks.run(context);
    assertThat(drain(enumerator, context)).containsExactly("shard.00000.mds", "shard.00001.mds");

    append(1, 3);
    String index = Files.readString(directory.resolve("index.json"));
    Files.writeString(directory.resolve("index.json"), index.substring(0, 90));
    Looks.run(context);
    assertThat(drain(enumerator, context)).as("the index is half written").hasSize(2);
    Files.writeString(directory.resolve("index.json"), index);
    Looks.run(context);
    assertThat(drain(enumerator, context)).hasSize(3).endsWith("shard.00002.mds");

    MillraceEnumeratorState state = enumerator.snapshotState(1);
    append(1, 3);
    TestingSplitEnumeratorContext<MillraceSplit> other = context();
    var restored = builder().build().restoreEnumerator(other, state);
    restored.start();
    Looks.run(other);
    assertThat(drain(restored, other)).containsExactly("shard.00003.mds");
  }

  private MillraceSourceBuilder accepting(String onError) {
    return MillraceSource.builder()
        .path(directory.toUri().toString())
        .scanEpochs(2)
        .scanRestoreOnChange("accept-new-shards")
        .scanOnError(onError);
  }

  /** What a reader is given of a scan that stops at its begin and goes on later. */
  private static List<String> givenAfter(MillraceSourceBuilder builder, Change change)
      throws Exception {
    TestingSplitEnumeratorContext<MillraceSplit> context = context();
    var enumerator = builder.build().createEnumerator(context);
    enumerator.start();
    context.triggerAllActions();
    MillraceEnumeratorState state = enumerator.snapshotState(1);
    change.make();
    TestingSplitEnumeratorContext<MillraceSplit> other = context();
    var restored = builder.build().restoreEnumerator(other, state);
    restored.start();
    other.triggerAllActions();
    return drain(restored, other);
  }

  /** What happens between two jobs. */
  private interface Change {
    void make() throws Exception;
  }

  @Test
  void findsAtARestoreWhatWasAddedToAnIndex() throws Exception {
    append(2, 3);
    assertThat(givenAfter(accepting("fail"), () -> append(1, 3)))
        .containsExactly(
            "shard.00000.mds",
            "shard.00001.mds",
            "shard.00000.mds",
            "shard.00001.mds",
            "shard.00002.mds");

    Files.delete(directory.resolve("shard.00001.mds"));
    assertThat(givenAfter(accepting("skip-shard"), () -> append(1, 3)))
        .as("what is missing counts as before")
        .hasSize(7)
        .endsWith("shard.00002.mds", "shard.00003.mds");
  }

  @Test
  void findsAtARestoreWhatWasAddedToATree() throws Exception {
    write("m.pt", 1_000);
    write("n.pt", 2_000);
    assertThat(givenAfter(accepting("fail"), () -> write("a.pt", 3_000)))
        .containsExactly("m.pt", "m.pt", "a.pt");

    Files.write(directory.resolve("empty.pt"), new byte[0]);
    Files.setLastModifiedTime(directory.resolve("empty.pt"), FileTime.fromMillis(2_000));
    assertThat(givenAfter(accepting("skip-sample"), () -> write("b.pt", 4_000)))
        .as("what cannot be read counts as before")
        .containsExactly("a.pt", "a.pt", "b.pt");

    assertThatThrownBy(() -> givenAfter(accepting("skip-sample"), () -> write("c.pt", 4_000)))
        .hasMessageContaining("with a modification time that is not later than theirs: it had 1")
        .hasMessageContaining("scan.restore.on-change = accept-new-shards");
  }

  private void write(String name, long changed) throws IOException {
    Path file = directory.resolve(name);
    TorchWriter.write(file, Map.of("number", (Object) 1L));
    Files.setLastModifiedTime(file, FileTime.fromMillis(changed));
  }

  @Test
  void refusesACheckpointOfABoundedScanAndTheOtherWayRound() throws Exception {
    append(2, 3);
    MillraceSource<Sample> bounded =
        MillraceSource.builder().path(directory.toUri().toString()).build();
    MillraceSource<Sample> growing = builder().build();

    assertRefuses(bounded, growing, "scan.discovery.interval was not set and is set");
    assertRefuses(growing, bounded, "scan.discovery.interval was set and is not set");
  }

  private static void assertRefuses(
      MillraceSource<Sample> before, MillraceSource<Sample> after, String difference)
      throws Exception {
    MillraceEnumeratorState state = before.createEnumerator(context()).snapshotState(1);
    TestingSplitEnumeratorContext<MillraceSplit> context = context();
    after.restoreEnumerator(context, state).start();
    assertThatThrownBy(() -> Looks.run(context))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot restore from the checkpoint: the order of the samples would change: "
                + difference);
  }

  @Test
  void refusesAUnitThatDoesNotFitIntoTheMemory() throws Exception {
    append(1, 3);
    long unit = Files.size(directory.resolve("shard.00000.mds"));
    TestingSplitEnumeratorContext<MillraceSplit> context = context();
    var enumerator =
        builder().cacheMemorySize(new MemorySize(2 * unit)).build().createEnumerator(context);
    enumerator.start();
    Looks.run(context);
    append(1, 4);

    assertThatThrownBy(() -> Looks.run(context))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(
            ": its largest unit takes %d bytes of memory, but half of cache.memory.size is %d; set",
            Files.size(directory.resolve("shard.00001.mds")), unit);
  }

  @Test
  void refusesAFormatThatCannotTellWhatIsNew() {
    assertRefusesFormat("scan.discovery.interval", "1 s", "scan.discovery.interval");
    assertRefusesFormat(
        "scan.restore.on-change",
        "accept-new-shards",
        "scan.restore.on-change = accept-new-shards");
  }

  private static void assertRefusesFormat(String option, String value, String named) {
    Configuration options = new Configuration();
    options.setString("path", "file:/data");
    options.setString(option, value);
    assertThatThrownBy(() -> GrowthDiscovery.growing(new OtherFormat(), ScanSettings.from(options)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot use "
                + named
                + " with the dataset at file:/data: in format other"
                + " new shards cannot be told from those that were there before");
  }

  private static final class OtherFormat implements DatasetFormat {
    @Override
    public String name() {
      return "other";
    }

    @Override
    public boolean recognises(List<ObjectStatus> children) {
      return false;
    }

    @Override
    public DatasetManifest discover(ObjectStore store, ObjectLocation root) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ShardReader open(Shard shard, int unit, ShardInput input, Schema projection) {
      throw new UnsupportedOperationException();
    }
  }
}
