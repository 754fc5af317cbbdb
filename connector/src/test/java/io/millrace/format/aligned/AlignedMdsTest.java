// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.format.ByteRange;
import io.millrace.format.DatasetManifest;
import io.millrace.format.DirectShardInput;
import io.millrace.format.SampleAssembler;
import io.millrace.format.Shard;
import io.millrace.format.ShardObject;
import io.millrace.format.ShardReader;
import io.millrace.format.mds.MdsFormat;
import io.millrace.format.mds.MdsWriter;
import io.millrace.sample.Bytes;
import io.millrace.sample.Sample;
import io.millrace.sample.SampleMetadata;
import io.millrace.sample.Schema;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.TestingObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MDS aligned with MDS: shards of different sizes, cut into units, compressed. */
@Tag("unit")
class AlignedMdsTest {

  private static final int SAMPLES = 240;
  private static final MdsFormat MDS = new MdsFormat();

  @TempDir static Path directory;

  /** About 24 MB in shards of 9 MB, of two or three units each. */
  @BeforeAll
  static void write() throws IOException {
    try (MdsWriter images =
            new MdsWriter(directory.resolve("images"), Map.of("image", "bytes", "id", "int"))
                .hashes("xxh64")
                .shardBytes(9 << 20);
        MdsWriter captions =
            new MdsWriter(directory.resolve("captions"), Map.of("caption", "str", "id", "int"))
                .compression("zstd")
                .hashes("sha1")
                .shardBytes(2_000);
        MdsWriter labels =
            new MdsWriter(directory.resolve("labels"), Map.of("label", "int", "id", "int"))) {
      for (long i = 0; i < SAMPLES; i++) {
        images.write(Map.of("image", image(i), "id", i));
        captions.write(Map.of("caption", caption(i), "id", i));
        labels.write(Map.of("label", 10 * i, "id", i));
      }
    }
  }

  private static Bytes image(long i) {
    byte[] bytes = new byte[100_000];
    new Random(i).nextBytes(bytes);
    return Bytes.wrap(bytes);
  }

  private static String caption(long i) {
    return "caption number " + i;
  }

  private static AlignedPart part(TestingObjectStore store, String name) throws IOException {
    return new AlignedPart(
        MDS,
        MDS.discover(store, store.location(name)),
        new FieldNames("", Map.of("id", name + "_id")));
  }

  private static AlignedOpener opener(List<AlignedPart> parts) {
    return new AlignedOpener(
        parts.stream()
            .map(part -> new RenamedOpener(MDS, part.manifest().schema(), part.names()))
            .toList());
  }

  private static ObjectLocation[] roots(List<AlignedPart> parts) {
    return parts.stream().map(part -> part.manifest().root()).toArray(ObjectLocation[]::new);
  }

  @Test
  void everySampleHasTheFieldsOfAllThree() throws IOException {
    TestingObjectStore store = new TestingObjectStore(directory);
    List<AlignedPart> parts =
        List.of(part(store, "images"), part(store, "captions"), part(store, "labels"));
    AlignedDataset dataset = AlignedDataset.join(parts);
    DatasetManifest joined = dataset.manifest();
    assertThat(parts.get(0).manifest().shards().get(0).units()).isGreaterThan(1);
    assertThat(parts.get(1).manifest().shards().size()).isGreaterThan(4);
    assertThat(parts.get(2).manifest().shards()).hasSize(1);

    long sample = 0;
    AlignedOpener opener = opener(parts);
    for (Shard shard : joined.shards()) {
      DirectShardInput input = new DirectShardInput(store, roots(parts));
      try (ShardReader reader = opener.open(shard, 0, input, joined.schema())) {
        assertThat(input.allocated()).isLessThanOrEqualTo(shard.unitBytes());
        SampleAssembler assembler = new SampleAssembler(joined.schema());
        for (int i = 0; i < reader.samples(); i++) {
          reader.read(i, assembler);
          check(assembler.build(new SampleMetadata(0, "", 0, 0, s -> 0)), sample++);
        }
      }
    }
    assertThat(sample).isEqualTo(SAMPLES);
    assertThat(joined.shards()).hasSize((int) parts.get(0).manifest().units());
    assertThat(dataset.readsPerEpoch().get(0)).isEqualTo(1.0);
    assertThat(dataset.readsPerEpoch().get(1)).isGreaterThan(1.0);
    assertThat(dataset.readsPerEpoch().get(2)).isEqualTo(joined.shards().size());
  }

  private static void check(Sample sample, long i) throws IOException {
    assertThat(sample.schema().size()).isEqualTo(6);
    assertThat(sample.getBytes("image")).isEqualTo(image(i));
    assertThat(sample.getString("caption")).isEqualTo(caption(i));
    assertThat(sample.getLong("label")).isEqualTo(10 * i);
    for (String part : List.of("images", "captions", "labels")) {
      assertThat(sample.getLong(part + "_id")).isEqualTo(i);
    }
  }

  /** What is fetched for all parts at once must be what each asks for then. */
  @Test
  void objectsThatAreSaidToBeReadWholeAre() throws IOException {
    TestingObjectStore store = new TestingObjectStore(directory);
    int whole = 0;
    for (String name : List.of("images", "captions", "labels")) {
      DatasetManifest manifest = part(store, name).manifest();
      for (Shard shard : manifest.shards()) {
        DirectShardInput input = new DirectShardInput(store, manifest.root());
        MDS.open(shard, 0, input, manifest.schema()).close();
        for (ShardObject object : MDS.readWhole(shard)) {
          assertThat(input.reads())
              .contains(
                  new DirectShardInput.Read(
                      object.path(), new ByteRange(0, object.version().length())));
          whole++;
        }
      }
    }
    // All captions, the labels, and the last shard of images, which is small.
    assertThat(whole).isEqualTo(part(store, "captions").manifest().shards().size() + 2);
  }

  @Test
  void nothingIsAskedOfAPartWithoutProjectedFields() throws IOException {
    TestingObjectStore store = new TestingObjectStore(directory);
    List<AlignedPart> parts = List.of(part(store, "captions"), part(store, "images"));
    DatasetManifest joined = AlignedDataset.join(parts).manifest();
    store.clearRequests();

    List<String> read = new ArrayList<>();
    for (Shard shard : joined.shards()) {
      DirectShardInput input = new DirectShardInput(store, roots(parts));
      Schema captions = joined.schema().project(List.of("caption", "captions_id"));
      try (ShardReader reader = opener(parts).open(shard, 0, input, captions)) {
        SampleAssembler assembler = new SampleAssembler(captions);
        for (int i = 0; i < reader.samples(); i++) {
          reader.read(i, assembler);
          read.add(assembler.build(new SampleMetadata(0, "", 0, 0, s -> 0)).getString("caption"));
        }
      }
    }
    assertThat(read).hasSize(SAMPLES).startsWith(caption(0), caption(1)).endsWith(caption(239));
    assertThat(store.requests())
        .isNotEmpty()
        .allSatisfy(request -> assertThat(request.location().uri()).contains("/captions/shard."));
  }
}
