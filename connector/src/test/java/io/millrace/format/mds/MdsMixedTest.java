// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.format.DatasetManifest;
import io.millrace.format.Shard;
import io.millrace.sample.Sample;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.TestingObjectStore;
import io.millrace.storage.TestingObjectStore.Operation;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Indexes of shards from several writers. */
@Tag("unit")
class MdsMixedTest {

  @TempDir Path temporary;

  /** Merges sets that lie in sub-directories into one index above them. */
  private Path merge(String... names) throws IOException {
    List<Object> shards = new ArrayList<>();
    for (String name : names) {
      Map<String, Object> index =
          TestJson.object(Files.readString(temporary.resolve(name).resolve("index.json")));
      for (Object shard : MutableSet.list(index.get("shards"))) {
        for (String key : List.of("raw_data", "zip_data", "raw_meta", "zip_meta")) {
          if (MutableSet.map(shard).get(key) instanceof Map<?, ?> file) {
            MutableSet.map(file).put("basename", name + "/" + file.get("basename"));
          }
        }
        shards.add(shard);
      }
    }
    Files.writeString(
        temporary.resolve("index.json"), TestJson.write(Map.of("shards", shards, "version", 2)));
    return temporary;
  }

  private void write(String name, Map<String, String> columns, String compression, Map<?, ?> sample)
      throws IOException {
    try (MdsWriter writer = new MdsWriter(temporary.resolve(name), columns).hashes("md5")) {
      if (!compression.isEmpty()) {
        writer.compression(compression);
      }
      for (int i = 0; i < 5; i++) {
        Map<String, Object> values = new java.util.HashMap<>();
        sample.forEach((key, value) -> values.put((String) key, value));
        writer.write(values);
      }
    }
  }

  @Test
  void aMergedIndexMayMixCompressionsAndLayouts() throws IOException {
    Map<String, String> columns = Map.of("id", "int64", "text", "str", "v", "float64");
    Map<String, Object> sample = Map.of("id", 3L, "text", "é", "v", 0.5);
    for (String compression : List.of("", "zstd:19", "gz", "bz2", "snappy")) {
      write("0" + compression.replace(":", ""), columns, compression, sample);
    }
    MdsSets.copy(MdsSets.path("csv-none"), temporary.resolve("csv"));
    MdsSets.copy(MdsSets.path("json-br"), temporary.resolve("json"));
    Path merged = merge("0", "0zstd19", "0gz", "0bz2", "0snappy", "csv", "json");

    TestingObjectStore store = new TestingObjectStore(merged);
    DatasetManifest manifest = MdsSets.FORMAT.discover(store, store.root());
    assertThat(manifest.schema()).hasToString("(id int64, text string, v float64)");
    assertThat(manifest.shards())
        .extracting(Shard::name)
        .startsWith("0/shard.00000.mds", "0zstd19/shard.00000.mds.zstd");
    assertThat(store.count(Operation.LIST)).isEqualTo(8);
    assertThat(store.count(Operation.STATUS)).as("of the index").isEqualTo(1);
    List<Sample> samples = MdsSets.readAll(merged);
    assertThat(samples).hasSize(25 + 40 + 40);
    for (Sample read : samples.subList(0, 25)) {
      assertThat(List.of(read.get("id"), read.get("text"), read.get("v")))
          .containsExactly(3L, "é", 0.5);
    }
    for (int i = 0; i < 40; i++) {
      assertThat(samples.get(25 + i).getLong("id")).isEqualTo(i);
      assertThat(samples.get(65 + i).getLong("id")).isEqualTo(i);
    }
  }

  @Test
  void anotherTypeOfAColumnIsRefusedWithBothShards() throws IOException {
    write("a", Map.of("x", "int"), "", Map.of("x", 1));
    write("b", Map.of("x", "int32"), "", Map.of("x", 1));
    Path merged = merge("a", "b");
    assertThatThrownBy(() -> MdsSets.discover(merged))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageEndingWith(
            ": column \"x\" is int32 in shards[1] (b/shard.00000.mds) but int64 in shards[0]"
                + " (a/shard.00000.mds)");
  }

  @Test
  void otherColumnsAreRefusedWithBothShards() throws IOException {
    write("a", Map.of("x", "int"), "", Map.of("x", 1));
    write("b", Map.of("x", "int", "y", "str"), "", Map.of("x", 1, "y", "z"));
    Path more = merge("a", "b");
    assertThatThrownBy(() -> MdsSets.discover(more))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageEndingWith(
            ": column \"y\" is string in shards[1] (b/shard.00000.mds) but missing in shards[0]"
                + " (a/shard.00000.mds)");
    Files.writeString(
        temporary.resolve("b/index.json"), Files.readString(temporary.resolve("b/index.json")));
    Path less = merge("b", "a");
    assertThatThrownBy(() -> MdsSets.discover(less))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageEndingWith(
            ": column \"y\" is missing in shards[1] (a/shard.00000.mds) but string in shards[0]"
                + " (b/shard.00000.mds)");
  }

  @Test
  void tensorsShareWhatAllShardsShare() throws IOException {
    byte[] one = {1, 0};
    write("a", Map.of("x", "ndarray:int16:1"), "", Map.of("x", one));
    write("b", Map.of("x", "ndarray:int16"), "", Map.of("x", new byte[] {4, 1, 1, 0}));
    write("c", Map.of("x", "ndarray"), "", Map.of("x", new byte[] {17, 4, 1, 1, 0}));
    assertThat(MdsSets.discover(merge("a", "b")).schema()).hasToString("(x tensor<int16>)");
    assertThat(MdsSets.discover(merge("a", "b", "c")).schema()).hasToString("(x tensor<?>)");
    List<Sample> samples = MdsSets.readAll(temporary);
    assertThat(samples)
        .hasSize(15)
        .allSatisfy(sample -> assertThat(sample.getTensor("x")).hasToString("tensor<int16>[1]"));
  }

  @Test
  void columnsMayStandInAnotherOrder() throws IOException {
    write("a", Map.of("x", "int", "y", "str"), "", Map.of("x", 1, "y", "z"));
    MutableSet set = new MutableSet(temporary.resolve("a"), temporary.resolve("set"));
    set.set("shards.0.column_names", List.of("y", "x"))
        .set("shards.0.column_encodings", List.of("int", "str"));
    Map<String, Object> index =
        TestJson.object(Files.readString(temporary.resolve("set/index.json")));
    assertThat(index).containsKey("shards");
    write("b", Map.of("x", "str", "y", "int"), "", Map.of("x", "w", "y", 2));
    Path merged = merge("set", "b");
    List<Sample> samples = MdsSets.readAll(merged);
    assertThat(samples.get(0).schema()).hasToString("(y int64, x string)");
    assertThat(samples.get(0).get("x")).isEqualTo("z");
    assertThat(samples.get(9).get("x")).isEqualTo("w");
    assertThat(samples.get(9).get("y")).isEqualTo(2L);
  }

  @Test
  void theRawFileServesWhereTheCompressedOneIsMissing() throws IOException {
    Path zip = temporary.resolve("zip");
    write("zip", Map.of("x", "str"), "gz", Map.of("x", "kept"));
    write("raw", Map.of("x", "str"), "", Map.of("x", "kept"));
    MutableSet set = new MutableSet(zip, temporary.resolve("set"));
    Path raw = temporary.resolve("raw/shard.00000.mds");
    set.set("shards.0.raw_data.bytes", Files.size(raw))
        .set("shards.0.raw_data.hashes.md5", MdsWriter.digest("md5", raw));
    Files.delete(set.file("shard.00000.mds.gz"));
    assertThatThrownBy(set::discover)
        .isInstanceOf(FileNotFoundException.class)
        .hasMessage(
            "Cannot find %s/shard.00000.mds.gz, which shards[0].zip_data of %s/index.json names"
                .formatted(set.uri(), set.uri()));
    Files.copy(raw, set.file("shard.00000.mds"));
    assertThat(set.readAll()).hasSize(5).allMatch(sample -> sample.getString("x").equals("kept"));
    set.set("shards.0.raw_data.hashes.md5", "0".repeat(32));
    assertThatThrownBy(set::readAll)
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("/shard.00000.mds at offset 0: its md5 is ");
  }
}
