// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.format.DatasetManifest;
import io.millrace.format.DirectShardInput;
import io.millrace.format.SampleAssembler;
import io.millrace.format.Shard;
import io.millrace.format.ShardReader;
import io.millrace.format.mds.TestJson;
import io.millrace.sample.DType;
import io.millrace.sample.Sample;
import io.millrace.sample.SampleMetadata;
import io.millrace.sample.Schema;
import io.millrace.storage.TestingObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Datasets of files that torch wrote have the fields and values that torch reads in them. */
@Tag("unit")
final class FieldTruthTest {

  private static final TorchFormat FORMAT = new TorchFormat();

  /** All samples of a dataset, in order; of the fields that are named, or of all. */
  private static List<Sample> readAll(Path directory, String... fields) throws IOException {
    TestingObjectStore store = new TestingObjectStore(directory);
    DatasetManifest manifest = FORMAT.discover(store, store.root());
    Schema projection =
        fields.length == 0 ? manifest.schema() : manifest.schema().project(List.of(fields));
    List<Sample> samples = new ArrayList<>();
    for (Shard shard : manifest.shards()) {
      DirectShardInput input = new DirectShardInput(store, manifest.root());
      SampleAssembler assembler = new SampleAssembler(projection);
      try (ShardReader reader = FORMAT.open(shard, 0, input, projection)) {
        for (int i = 0; i < reader.samples(); i++) {
          reader.read(i, assembler);
          Sample sample = assembler.build(new SampleMetadata(0, shard.name(), i, 0, 0));
          samples.add(Sample.checked(projection, sample.metadata(), valuesOf(sample)));
        }
      }
    }
    return samples;
  }

  private static Object[] valuesOf(Sample sample) {
    Object[] values = new Object[sample.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = sample.get(i);
    }
    return values;
  }

  /** The sample of a file of the test resources, in a dataset of its own. */
  private static Sample read(String file) throws IOException {
    Path directory = Files.createTempDirectory("torch");
    Path source = TorchSets.path(file);
    Path copy = directory.resolve(source.getFileName());
    try {
      Files.copy(source, copy);
      return readAll(directory).get(0);
    } finally {
      Files.delete(copy);
      Files.delete(directory);
    }
  }

  @TestFactory
  List<DynamicTest> everyCornerOfTheFormat() {
    return TorchTruth.of("edge.truth.jsonl").entrySet().stream()
        .filter(entry -> !entry.getKey().matches("(sparse|quantized).*"))
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () -> FieldTruth.check(read("edge/" + entry.getKey()), entry.getValue())))
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "scalar-tensor-only | (value tensor<float64>?)",
        "list-of-tensors | (value.0 tensor<float32>?, value.1 tensor<float32>?, value.2 string?)",
        "same-tensor-twice | (a tensor<int64>?, b tensor<int64>?, l list<tensor<int64>>?)",
        "size-dtype-device | (size list<int64>?, dtype string?, device string?)",
        "python-only | (x int64?, y json?, s list<int64>?, c tensor<complex128>?)",
        "numpy-inside | (np tensor<float32>?, nps float64?)",
        "defaultdict | (a list<int64>?)",
        "pickle-proto2 | (t tensor<int64>?, s string?, b bytes?, n list<int64>?)",
        "ordered | (w tensor<float32>?, b tensor<float32>?)",
        "nested | (a.b.c.0 tensor<float32>?, a.b.c.1.0 tensor<float32>?, a.b.c.1.1 json?, a.b.c.1.2 string?, a.b.c.1.3 float64?, a.b.c.1.4 big_integer?, a.b.c.1.5 boolean?, a.b.c.1.6 boolean?, a.b.c.1.7 bytes?, 1 string?, (1, 2) string?, list json?, empty_dict json?, neg int64?, big int64?, bigneg int64?, inf float64?, long_str string?)",
        "sparse | (layout string?, size list<int64>?, indices tensor<int64>?, values tensor<float32>?)",
        "quantized | (qscheme string?, dtype string?, values tensor<uint8>?, scale float64?, zero_point int64?)"
      })
  void fieldsAndTypes(String file, String schema) throws IOException {
    assertThat(read("edge/" + file + ".pt").schema()).hasToString(schema);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sparse", "sparse-legacy"})
  void partsOfSparseTensors(String file) throws IOException {
    Map<String, Object> truth = TorchTruth.of("edge.truth.jsonl").get(file + ".pt");
    Sample sample = read("edge/" + file + ".pt");
    for (String part : List.of("indices", "values")) {
      FieldTruth.tensor(part, sample.getTensor(part), FieldTruth.map(truth.get(part)));
    }
    assertThat(sample.get("size")).isEqualTo(List.of(2L, 3L));
    assertThat(sample.getString("layout")).isEqualTo("torch.sparse_coo");
  }

  @Test
  void partsOfQuantisedTensors() throws IOException {
    Sample sample = read("edge/quantized.pt");
    assertThat(sample.getTensor("values").dtype()).isEqualTo(DType.UINT8);
    assertThat(sample.getTensor("values").toLongArray()).containsExactly(0, 10, 20, 30);
    assertThat(sample.getDouble("scale")).isEqualTo(0.1);
    assertThat(sample.getString("dtype")).isEqualTo("torch.quint8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"level3", "level19-checksum", "multiframe", "stream-nosize"})
  void compressedFiles(String name) throws IOException {
    FieldTruth.check(
        read("zst/nested-" + name + ".pt.zst"), TorchTruth.of("edge.truth.jsonl").get("nested.pt"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"latents", "conditions"})
  void latentsAndConditions(String part) throws IOException {
    List<String> truth = Files.readAllLines(TorchSets.path("latents-conditions.truth.jsonl"));
    List<Sample> samples = readAll(TorchSets.path("latents-conditions").resolve(part));

    assertThat(samples).hasSize(100).hasSameSizeAs(truth);
    for (int i = 0; i < samples.size(); i++) {
      Map<String, Object> file = FieldTruth.map(TestJson.object(truth.get(i)).get(part));
      FieldTruth.check(samples.get(i), FieldTruth.map(file.get("value")));
    }
  }

  @Test
  void bothTogetherAreOneDatasetOfTwoHundredSamples() throws IOException {
    List<Sample> samples = readAll(TorchSets.path("latents-conditions"), "fps", "prompt_embeds");

    assertThat(samples).hasSize(200);
    assertThat(samples.subList(0, 100)).allMatch(sample -> sample.isNull("fps"));
    assertThat(samples.subList(100, 200)).allMatch(sample -> sample.isNull("prompt_embeds"));
  }
}
