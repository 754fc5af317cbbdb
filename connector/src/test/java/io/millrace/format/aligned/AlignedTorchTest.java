// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.format.DatasetFormat;
import io.millrace.format.DatasetManifest;
import io.millrace.format.DirectShardInput;
import io.millrace.format.SampleAssembler;
import io.millrace.format.Shard;
import io.millrace.format.ShardReader;
import io.millrace.format.mds.MdsFormat;
import io.millrace.format.mds.MdsWriter;
import io.millrace.format.torch.TorchFormat;
import io.millrace.format.torch.TorchPairs;
import io.millrace.sample.Sample;
import io.millrace.sample.SampleMetadata;
import io.millrace.sample.Schema;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.TestingObjectStore;
import io.millrace.storage.TestingObjectStore.Operation;
import io.millrace.storage.TestingObjectStore.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Latents and conditions that torch wrote, aligned with each other and with labels in MDS. */
@Tag("unit")
class AlignedTorchTest {

  private static final FieldNames LATENT_CONDITIONS =
      new FieldNames("", Map.of("latents", "latent_conditions"));

  @TempDir Path directory;

  private TestingObjectStore store;
  private List<TorchPairs.Pair> truth;

  @BeforeEach
  void copy() throws IOException {
    truth = TorchPairs.copyTo(directory);
    store = new TestingObjectStore(directory);
  }

  private AlignedPart latents() throws IOException {
    return part(new TorchFormat(), "latents", LATENT_CONDITIONS);
  }

  private AlignedPart conditions() throws IOException {
    return part(new TorchFormat(), "conditions", FieldNames.KEPT);
  }

  private AlignedPart labels(int perShard) throws IOException {
    try (MdsWriter writer =
        new MdsWriter(directory.resolve("labels"), Map.of("label", "int")).hashes("xxh64")) {
      for (long i = 0; i < truth.size(); i++) {
        writer.write(Map.of("label", i));
        if (i % perShard == perShard - 1) {
          writer.endShard();
        }
      }
    }
    return part(new MdsFormat(), "labels", FieldNames.KEPT);
  }

  private AlignedPart part(DatasetFormat format, String name, FieldNames names) throws IOException {
    return new AlignedPart(format, format.discover(store, store.location(name)), names);
  }

  private List<Sample> read(List<AlignedPart> parts, DatasetManifest joined, Schema projection)
      throws IOException {
    store.clearRequests();
    AlignedOpener opener =
        new AlignedOpener(
            parts.stream()
                .map(
                    part ->
                        new RenamedOpener(part.format(), part.manifest().schema(), part.names()))
                .toList());
    ObjectLocation[] roots =
        parts.stream().map(part -> part.manifest().root()).toArray(ObjectLocation[]::new);
    List<Sample> samples = new ArrayList<>();
    for (Shard shard : joined.shards()) {
      DirectShardInput input = new DirectShardInput(store, roots);
      try (ShardReader reader = opener.open(shard, 0, input, projection)) {
        SampleAssembler assembler = new SampleAssembler(projection);
        for (int i = 0; i < reader.samples(); i++) {
          reader.read(i, assembler);
          long sample = shard.cut().first() + i;
          samples.add(assembler.build(new SampleMetadata(0, shard.name(), sample, 0, s -> 0)));
        }
      }
    }
    return samples;
  }

  /** Without a cache, what is fetched for all parts together is read again for each. */
  private List<String> filesRead() {
    return store.requests().stream()
        .filter(request -> request.operation() == Operation.READ)
        .map(Request::location)
        .map(location -> location.uri().substring(store.root().uri().length() + 1))
        .distinct()
        .toList();
  }

  @Test
  void everyPairIsRight() throws IOException {
    List<AlignedPart> parts = List.of(latents(), conditions());
    DatasetManifest joined = AlignedDataset.join(parts).manifest();
    assertThat(joined.format()).isEqualTo("aligned(torch,torch)");
    assertThat(joined.schema().fields())
        .extracting("name")
        .containsExactly(
            "latent_conditions",
            "num_frames",
            "height",
            "width",
            "fps",
            "prompt_embeds",
            "prompt_attention_mask");
    assertThat(joined.shards()).hasSize(1);
    assertThat(joined.shards().get(0).name()).isEqualTo("latent_0000.pt");

    assertThat(read(parts, joined, joined.schema()))
        .extracting(sample -> TorchPairs.Pair.of(sample, "latent_conditions"))
        .containsExactlyElementsOf(truth);
    assertThat(filesRead()).hasSize(200);
  }

  @Test
  void groupsOfFilesAreCutWhereShardsOfAnotherPartEnd() throws IOException {
    List<AlignedPart> parts = List.of(latents(), conditions(), labels(9));
    AlignedDataset dataset = AlignedDataset.join(parts);
    DatasetManifest joined = dataset.manifest();
    assertThat(joined.shards()).hasSize(12);
    assertThat(dataset.readsPerEpoch()).containsExactly(1.0, 1.0, 1.0);

    List<Sample> samples = read(parts, joined, joined.schema());
    assertThat(samples)
        .extracting(sample -> TorchPairs.Pair.of(sample, "latent_conditions"))
        .containsExactlyElementsOf(truth);
    for (int i = 0; i < samples.size(); i++) {
      assertThat(samples.get(i).getLong("label")).isEqualTo(i);
      assertThat(samples.get(i).metadata().shard())
          .isEqualTo(String.format(Locale.ROOT, "shard.%05d.mds", i / 9));
      assertThat(samples.get(i).metadata().sample()).isEqualTo(i % 9);
    }
    assertThat(filesRead().stream().filter(name -> name.contains(".pt"))).hasSize(200);
  }

  @Test
  void nothingIsAskedOfLatentsThatAreNotProjected() throws IOException {
    List<AlignedPart> parts = List.of(latents(), conditions());
    DatasetManifest joined = AlignedDataset.join(parts).manifest();

    List<Sample> samples = read(parts, joined, joined.schema().project(List.of("prompt_embeds")));

    assertThat(samples).hasSize(100);
    assertThat(filesRead()).hasSize(100).allMatch(name -> name.startsWith("conditions/"));
    assertThat(store.requests())
        .noneMatch(request -> request.location().uri().contains("/latents/"));
  }

  @Test
  void namesTheFileWithoutACounterpart() throws IOException {
    Files.delete(directory.resolve("conditions/condition_0099.pt"));
    Files.delete(directory.resolve("conditions/condition_0098.pt"));
    List<AlignedPart> parts = List.of(latents(), conditions());

    assertThatThrownBy(() -> AlignedDataset.join(parts))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot align file:%s/latents (100 samples) with file:%s/conditions (98 samples):"
                + " sample 98 of file:%s/latents, latent_0098.pt, has no counterpart",
            directory, directory, directory);
  }

  @Test
  void namesTheFileThatIsMissingInTheMiddle() throws IOException {
    Files.delete(directory.resolve("conditions/condition_0042.pt"));
    List<AlignedPart> parts = List.of(latents(), conditions());

    assertThatThrownBy(() -> AlignedDataset.join(parts))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith(
            "latent_0099.pt, has no counterpart; by their names, one is missing at sample 42:"
                + " latent_0042.pt and condition_0043.pt.zst");
  }
}
