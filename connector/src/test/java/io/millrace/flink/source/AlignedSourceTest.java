// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.flink.scan.PartSummary;
import io.millrace.flink.source.enumerator.MillraceEnumeratorState;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.format.mds.MdsWriter;
import io.millrace.sample.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.connector.testutils.source.reader.TestingSplitEnumeratorContext;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources of datasets that are joined or renamed. */
@Tag("unit")
class AlignedSourceTest {

  @TempDir Path directory;

  @BeforeEach
  void write() throws IOException {
    write("images", 7, 3, "image");
    write("captions", 7, 2, "caption");
  }

  private void write(String name, int samples, int perShard, String field) throws IOException {
    try (MdsWriter writer =
        new MdsWriter(directory.resolve(name), Map.of("id", "int", field, "str")).hashes("xxh64")) {
      for (long i = 0; i < samples; i++) {
        writer.write(Map.of("id", i, field, field + " " + i));
        if (i % perShard == perShard - 1) {
          writer.endShard();
        }
      }
    }
  }

  private Dataset at(String name) {
    return Datasets.at(directory.resolve(name).toString());
  }

  private Dataset pairs() {
    return Datasets.aligned(at("images"), at("captions").renamed("id", "caption_id"));
  }

  private long bytesOf(String name) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(directory.resolve(name))) {
      for (Path file : files.filter(file -> file.toString().endsWith(".mds")).toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  @Test
  void tellsWhatTheDatasetAndItsPartsAre() throws Exception {
    MillraceSource<Sample> source = MillraceSource.builder().dataset(pairs()).build();

    assertThat(source.schema())
        .hasToString("(id int64, image string, caption string, caption_id int64)");
    assertThat(source.dataset().format()).isEqualTo("aligned(mds,mds)");
    assertThat(source.dataset().samples()).isEqualTo(7);
    assertThat(source.dataset().shards()).isEqualTo(3);
    assertThat(source.dataset().storedBytes()).isEqualTo(bytesOf("images") + bytesOf("captions"));
    assertThat(source.dataset().parts())
        .extracting(PartSummary::format, PartSummary::shards, PartSummary::storedBytes)
        .containsExactly(tuple("mds", 3, bytesOf("images")), tuple("mds", 4, bytesOf("captions")));
    assertThat(source.dataset().parts().get(1).schema()).hasToString("(caption string, id int64)");
    assertThat(source.dataset().parts().get(0).readsPerEpoch()).isEqualTo(1.0);
    // One of the four shards of captions holds samples of two shards of images.
    assertThat(source.dataset().parts().get(1).readsPerEpoch()).isBetween(1.2, 1.3);
    assertThat(InstantiationUtil.clone(source).dataset()).isEqualTo(source.dataset());
  }

  @Test
  void aDatasetAsItLiesHasNoParts() {
    assertThat(MillraceSource.builder().dataset(at("images")).build().dataset().parts()).isEmpty();
  }

  @Test
  void fieldsOfASingleDatasetCanBeRenamed() {
    MillraceSource<Sample> source =
        MillraceSource.builder()
            .dataset(at("images").prefixed("x").renamed("id", "number"))
            .fields("x.image", "number")
            .build();

    assertThat(source.schema()).hasToString("(x.image string, number int64)");
    assertThat(source.dataset().format()).isEqualTo("mds");
    assertThat(source.dataset().shards()).isEqualTo(3);
    assertThat(source.dataset().parts()).hasSize(1);
  }

  @Test
  void refusesPartsThatDoNotFit() throws IOException {
    assertThatThrownBy(
            () ->
                MillraceSource.builder()
                    .dataset(Datasets.aligned(at("images"), at("captions")))
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot have two fields named \"id\": one is \"id\" of file:")
        .hasMessageEndingWith("give one of them another name with renamed or prefixed");

    write("captions", 5, 2, "caption");
    assertThatThrownBy(() -> MillraceSource.builder().dataset(pairs()).build())
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(
            "Cannot read the dataset at file:%s/images and file:%s/captions: Cannot align"
                + " file:%s/images (7 samples) with file:%s/captions (5 samples): sample 5 of"
                + " file:%s/images, sample 2 of shard.00001.mds, has no counterpart",
            directory, directory, directory, directory, directory);
  }

  @Test
  void theLargestUnitHasBytesOfAllParts() throws IOException {
    long unit = MillraceSource.builder().dataset(pairs()).build().dataset().largestUnitBytes();
    assertThat(unit).isGreaterThan(Files.size(directory.resolve("images/shard.00000.mds")));

    assertThatThrownBy(
            () ->
                MillraceSource.builder()
                    .dataset(pairs())
                    .cacheMemorySize(new MemorySize(unit))
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("/images and file:")
        .hasMessageEndingWith("set cache.memory.size to at least %d bytes", 2 * unit);
  }

  @Test
  void aCheckpointOfOnePartIsNotOneOfThePairs() throws Exception {
    TestingSplitEnumeratorContext<MillraceSplit> context = new TestingSplitEnumeratorContext<>(1);
    MillraceEnumeratorState state =
        MillraceSource.builder()
            .dataset(at("images"))
            .build()
            .createEnumerator(context)
            .snapshotState(1);

    MillraceSource.builder().dataset(pairs()).build().restoreEnumerator(context, state).start();

    assertThatThrownBy(context::triggerAllActions)
        .hasStackTraceContaining("format was mds and is aligned(mds,mds)");
  }

  @Test
  void aCheckpointIsRestoredUnderOtherNamesButNotWithPartsInAnotherOrder() throws Exception {
    TestingSplitEnumeratorContext<MillraceSplit> context = new TestingSplitEnumeratorContext<>(1);
    var enumerator = MillraceSource.builder().dataset(pairs()).build().createEnumerator(context);
    enumerator.start();
    context.triggerAllActions();
    MillraceEnumeratorState state = enumerator.snapshotState(1);

    Dataset otherNames = Datasets.aligned(at("images").prefixed("i"), at("captions"));
    var renamed =
        MillraceSource.builder()
            .dataset(otherNames)
            .fields("caption")
            .build()
            .restoreEnumerator(context, state);
    renamed.start();
    context.triggerAllActions();
    assertThat(renamed.snapshotState(2).manifest()).isEqualTo(state.manifest());

    Dataset swapped = Datasets.aligned(at("captions"), at("images").prefixed("i"));
    MillraceSource.builder().dataset(swapped).build().restoreEnumerator(context, state).start();
    assertThatThrownBy(context::triggerAllActions)
        .hasStackTraceContaining("dataset changed since the checkpoint: it had 3 shards");
  }

  @Test
  void theEnumeratorFindsThePairsAgain() throws Exception {
    TestingSplitEnumeratorContext<MillraceSplit> context = new TestingSplitEnumeratorContext<>(1);
    var enumerator = MillraceSource.builder().dataset(pairs()).build().createEnumerator(context);
    enumerator.start();
    context.triggerAllActions();

    assertThat(enumerator.snapshotState(1).manifest()).get().extracting("shards").isEqualTo(3);
  }
}
