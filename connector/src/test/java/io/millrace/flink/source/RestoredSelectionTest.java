// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.flink.scan.EpochRanges;
import io.millrace.flink.scan.MillraceOptions;
import io.millrace.flink.scan.ScanSelection;
import io.millrace.flink.scan.ScanSettings;
import io.millrace.flink.scan.ShardNames;
import io.millrace.flink.source.enumerator.MillraceEnumeratorState;
import io.millrace.flink.source.enumerator.MillraceEnumeratorStateSerializer;
import io.millrace.flink.source.enumerator.ScanFingerprint;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.format.mds.MdsSets;
import io.millrace.format.mds.MdsWriter;
import io.millrace.sample.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.testutils.source.reader.TestingSplitEnumeratorContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint of a query is not resumed by one with other conditions. */
@Tag("unit")
class RestoredSelectionTest {

  private static final ScanSelection ONE = shards("shard.00003.mds.zstd");
  private static final ScanSelection TWO =
      new ScanSelection(
          ONE.shards().or(ShardNames.only("shard.00004.mds.zstd")),
          EpochRanges.ALL,
          ScanSelection.NO_LIMIT);
  private static final ScanSelection LATER =
      new ScanSelection(ShardNames.ALL, EpochRanges.between(1, 1), ScanSelection.NO_LIMIT);

  private static ScanSelection shards(String name) {
    return new ScanSelection(ShardNames.only(name), EpochRanges.ALL, ScanSelection.NO_LIMIT);
  }

  private static MillraceSource<Sample> source(ScanSelection selection) {
    Configuration options =
        Configuration.fromMap(
            Map.of(
                MillraceOptions.PATH.key(),
                MdsSets.path("fashion-mnist-2k").toString(),
                MillraceOptions.SCAN_EPOCHS.key(),
                "2"));
    return FoundDataset.find(ScanSettings.from(options))
        .source(null, selection, new SampleRecordFormat());
  }

  /** As a checkpoint holds it. */
  private static MillraceEnumeratorState checkpoint(ScanSelection selection) throws Exception {
    TestingSplitEnumeratorContext<MillraceSplit> context = new TestingSplitEnumeratorContext<>(1);
    var enumerator = source(selection).createEnumerator(context);
    enumerator.start();
    context.triggerAllActions();
    return written(enumerator.snapshotState(1));
  }

  private static MillraceEnumeratorState written(MillraceEnumeratorState state) throws IOException {
    MillraceEnumeratorStateSerializer serializer = new MillraceEnumeratorStateSerializer();
    return serializer.deserialize(serializer.getVersion(), serializer.serialize(state));
  }

  private static MillraceEnumeratorState resumed(
      MillraceEnumeratorState checkpoint, ScanSelection selection) throws Exception {
    TestingSplitEnumeratorContext<MillraceSplit> context = new TestingSplitEnumeratorContext<>(1);
    var enumerator = source(selection).restoreEnumerator(context, checkpoint);
    enumerator.start();
    context.triggerAllActions();
    return written(enumerator.snapshotState(2));
  }

  private static void assertRefused(
      ScanSelection before, ScanSelection after, String was, String is) throws Exception {
    MillraceEnumeratorState checkpoint = checkpoint(before);
    assertThatThrownBy(() -> resumed(checkpoint, after))
        .hasStackTraceContaining(
            "Cannot restore from the checkpoint: it is of a query that reads "
                + was
                + ", but this one reads "
                + is
                + "; give the query the conditions that it had");
  }

  @Test
  void otherConditionsAreRefused() throws Exception {
    String one = "shards 'shard.00003.mds.zstd', epochs all";
    String two = "shards 'shard.00003.mds.zstd', 'shard.00004.mds.zstd', epochs all";
    String all = "shards all, epochs all";
    assertRefused(ONE, TWO, one, two);
    assertRefused(TWO, ONE, two, one);
    assertRefused(ScanSelection.ALL, ONE, all, one);
    assertRefused(ONE, ScanSelection.ALL, one, all);
    assertRefused(LATER, ScanSelection.ALL, "shards all, epochs 1", all);
  }

  @Test
  void theSameConditionsAndAnotherLimitAreNot() throws Exception {
    MillraceEnumeratorState checkpoint = checkpoint(TWO.limitedTo(10));
    assertThatCode(() -> resumed(checkpoint, TWO)).doesNotThrowAnyException();
    assertThatCode(() -> resumed(checkpoint, TWO.limitedTo(1000))).doesNotThrowAnyException();
  }

  @Test
  void aCheckpointOfBeforeIsTakenAndTheNextOneSaysWhatIsSelected() throws Exception {
    MillraceEnumeratorState now = checkpoint(ONE);
    ScanFingerprint known = now.fingerprint();
    MillraceEnumeratorState before =
        new MillraceEnumeratorState(
            new ScanFingerprint(
                known.format(),
                known.shuffle(),
                known.seed(),
                known.algorithmVersion(),
                known.discovery(),
                Optional.empty()),
            now.manifest(),
            now.progress(),
            now.returned());

    MillraceEnumeratorState after = resumed(before, ONE);

    assertThatThrownBy(() -> resumed(after, ScanSelection.ALL))
        .hasStackTraceContaining("it is of a query that reads shards 'shard.00003.mds.zstd'");
  }

  @Test
  void otherPartitionsAreRefused(@TempDir Path root) throws Exception {
    for (String kind : List.of("a", "b")) {
      try (MdsWriter writer = new MdsWriter(root.resolve("kind=" + kind), Map.of("id", "int"))) {
        writer.write(Map.of("id", 1L));
      }
    }
    FoundPartitions partitions =
        FoundPartitions.find(
            ScanSettings.from(
                Configuration.fromMap(Map.of(MillraceOptions.PATH.key(), root.toString()))),
            List.of("kind"));
    var one = partitions.dataset(partitions.all().subList(0, 1));
    var other = partitions.dataset(partitions.all().subList(1, 2));
    TestingSplitEnumeratorContext<MillraceSplit> context = new TestingSplitEnumeratorContext<>(1);
    var enumerator = one.source(null, new SampleRecordFormat()).createEnumerator(context);
    enumerator.start();
    context.triggerAllActions();
    MillraceEnumeratorState checkpoint = written(enumerator.snapshotState(1));

    other.source(null, new SampleRecordFormat()).restoreEnumerator(context, checkpoint).start();

    assertThatThrownBy(context::triggerAllActions)
        .hasStackTraceContaining(
            "it is of a query that reads partitions (1): kind=a, shards all, epochs all, but this one"
                + " reads partitions (1): kind=b, shards all, epochs all; give the query the conditions"
                + " that it had, also on the columns of PARTITIONED BY");
  }
}
