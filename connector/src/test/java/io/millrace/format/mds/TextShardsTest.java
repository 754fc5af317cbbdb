// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.format.DatasetManifest;
import io.millrace.format.DirectShardInput;
import io.millrace.format.Shard;
import io.millrace.sample.Sample;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.TestingObjectStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON and separated-values shards. */
@Tag("unit")
class TextShardsTest {

  @TempDir Path temporary;

  /** Writes one shard of columns i (int), t (str), v (float) with these lines. */
  private MutableSet write(String format, String newline, List<String> lines) throws IOException {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    ByteArrayOutputStream meta = new ByteArrayOutputStream();
    if (!format.equals("json")) {
      data.writeBytes(("i,t,v" + newline).getBytes(StandardCharsets.UTF_8));
    }
    meta.writeBytes(MdsValues.word(lines.size()));
    meta.writeBytes(MdsValues.word(data.size()));
    for (String line : lines) {
      data.writeBytes((line + newline).getBytes(StandardCharsets.UTF_8));
      meta.writeBytes(MdsValues.word(data.size()));
    }
    meta.writeBytes("{}".getBytes(StandardCharsets.UTF_8));
    Path directory = Files.createDirectories(temporary.resolve("written"));
    Map<String, @Nullable Object> shard = new TreeMap<>();
    shard.put("version", 2);
    shard.put("format", format);
    shard.put("samples", lines.size());
    shard.put("compression", null);
    shard.put("hashes", List.of());
    shard.put("size_limit", null);
    shard.put("newline", newline);
    shard.put("raw_data", file(directory, "shard.00000." + format, data));
    shard.put("raw_meta", file(directory, "shard.00000." + format + ".meta", meta));
    shard.put("zip_data", null);
    shard.put("zip_meta", null);
    if (format.equals("json")) {
      shard.put("columns", Map.of("i", "int", "t", "str", "v", "float"));
    } else {
      shard.put("column_names", List.of("i", "t", "v"));
      shard.put("column_encodings", List.of("int", "str", "float"));
    }
    Files.writeString(
        directory.resolve("index.json"),
        TestJson.write(Map.of("version", 2, "shards", List.of(shard))));
    return new MutableSet(directory, temporary.resolve("set"));
  }

  private static Map<String, Object> file(Path directory, String name, ByteArrayOutputStream bytes)
      throws IOException {
    Files.write(directory.resolve(name), bytes.toByteArray());
    return Map.of("basename", name, "bytes", bytes.size(), "hashes", Map.of());
  }

  private static List<Object> values(Sample sample) {
    return List.of(sample.getLong("i"), sample.getString("t"), sample.getDouble("v"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        "{\"i\": 1, \"t\": \"a\\u00e9\\n\", \"v\": 0.1} | 1 | aé\\n | 0.1",
        "{\"v\": 1e+300, \"t\": \"x\", \"i\": -9223372036854775808} | -9223372036854775808 | x | 1e300",
        "{\"i\": true, \"t\": \"x\", \"v\": 3} | 1 | x | 3.0",
        "{\"i\": 9223372036854775807, \"t\": \"x\", \"v\": NaN} | 9223372036854775807 | x | NaN",
        "{\"i\": 0, \"t\": \"x\", \"v\": -Infinity} | 0 | x | -Infinity",
      })
  void jsonLinesGiveTheirValues(String line, long i, String t, double v) throws IOException {
    MutableSet set = write("json", "\n", List.of(line));
    assertThat(values(set.readAll().get(0))).containsExactly(i, t.replace("\\n", "\n"), v);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        "[1] | the line is not a JSON object",
        "{\"i\": 1, \"t\": \"x\"} | there is no \"v\"",
        "{\"i\": 1, \"t\": \"x\", \"v\": 1.0, \"w\": 1} | key \"w\" is not a column",
        "{\"i\": 1, \"i\": 1, \"t\": \"x\", \"v\": 1.0} | key \"i\" is there twice",
        "{\"i\": 1.0, \"t\": \"x\", \"v\": 1.0} | column \"i\" (int): the value is 1.0",
        "{\"i\": null, \"t\": \"x\", \"v\": 1.0} | column \"i\" (int): the value is null",
        "{\"i\": 1, \"t\": 5, \"v\": 1.0} | column \"t\" (str): the value is 5",
        "{\"i\": 1, \"t\": \"x\\ud800y\", \"v\": 1.0} | column \"t\" (str): the text has half a"
            + " surrogate pair, which no text can hold",
        "{\"i\": 1, \"t\": [], \"v\": 1.0} | column \"t\" (str): the value is an object or a list",
        "{\"i\": 1, \"t\": \"x\", \"v\": \"1\"} | column \"v\" (float): the value is 1",
        "{\"i\": 1, \"t\": \"x\", \"v\": -INF} | column \"v\" (float): \"-INF\" is not a JSON number",
        "{\"i\": 9223372036854775808, \"t\": \"x\", \"v\": 1.0} | column \"i\" (int):"
            + " \"9223372036854775808\" is beyond 64 bits; the file is sound, but Millrace reads 64-bit"
            + " integers here",
        "{\"i\": 1, \"t\": \"x\", \"v\": 1.0} {} | something follows the JSON object",
        "{\"i\": 1, \"t\": \"x\", \"v\": 1.0 | not valid JSON: Unexpected end-of-input",
      })
  void badJsonLinesAreRefused(String line, String problem) throws IOException {
    String good = "{\"i\": 1, \"t\": \"x\", \"v\": 1.0}";
    MutableSet set = write("json", "\n", List.of(good, line));
    assertThatThrownBy(set::readAll)
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("Corrupt object " + set.uri() + "/shard.00000.json at offset ")
        .hasMessageContaining(": sample 1: " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        "1,x | the line does not have exactly 3 values",
        "1,x,2.0,3 | the line does not have exactly 3 values",
        "1.5,x,2.0 | column \"i\" (int): \"1.5\" is not a whole number",
        ",x,2.0 | column \"i\" (int): \"\" is not a whole number",
        "1,x,2d | column \"v\" (float): \"2d\" is not a number",
        "99999999999999999999,x,2.0 | column \"i\" (int): \"99999999999999999999\" is beyond 64"
            + " bits; the file is sound, but Millrace reads 64-bit integers here",
      })
  void badSeparatedLinesAreRefused(String line, String problem) throws IOException {
    MutableSet set = write("csv", "\n", List.of("1,é\",2.0", line));
    assertThatThrownBy(set::readAll)
        .isInstanceOf(CorruptObjectException.class)
        .hasMessage(
            "Corrupt object %s/shard.00000.csv at offset %d: sample 1: %s",
            set.uri(), "i,t,v\n1,é\",2.0\n".getBytes(StandardCharsets.UTF_8).length, problem);
  }

  @Test
  void anEmptyShardMayHaveALineOfSeveralBytesACharacter() throws IOException {
    MutableSet set = write("csv", "→→", List.of());
    assertThat(set.discover().shards().get(0).samples()).isZero();
    MutableSet more = set.set("shards.0.raw_data.bytes", 13);
    assertThatThrownBy(more::discover)
        .hasMessageEndingWith(": shards[0].samples is 0, but shard.00000.csv has 13 bytes");
  }

  @Test
  void quotesMeanNothing() throws IOException {
    MutableSet set = write("csv", "\r\n", List.of("-1,\"x\ny,nan"));
    assertThat(values(set.readAll().get(0))).containsExactly(-1L, "\"x\ny", Double.NaN);
  }

  @Test
  void theHeaderLineMustHaveTheColumns() throws IOException {
    MutableSet set = write("csv", "\n", List.of("1,x,2.0"));
    set.patch("shard.00000.csv", 2, (byte) 'u');
    assertThatThrownBy(set::readAll)
        .isInstanceOf(CorruptObjectException.class)
        .hasMessage(
            "Corrupt object %s/shard.00000.csv at offset 0: the first line does not have the names"
                + " of the columns",
            set.uri());
    set.patch("shard.00000.csv", 2, (byte) 't').patch("shard.00000.csv.meta", 4, MdsValues.word(4));
    assertThatThrownBy(set::readAll)
        .isInstanceOf(CorruptObjectException.class)
        .hasMessage(
            "Corrupt object %s/shard.00000.csv.meta at offset 4: the first sample begins at 4, but"
                + " the line of column names has 6 bytes",
            set.uri());
  }

  @Test
  void aJsonFileBeginsWithItsFirstSample() throws IOException {
    MutableSet set = write("json", "\n", List.of("{\"i\": 1, \"t\": \"x\", \"v\": 1.0}"));
    set.patch("shard.00000.json.meta", 4, MdsValues.word(1));
    assertThatThrownBy(set::readAll)
        .isInstanceOf(CorruptObjectException.class)
        .hasMessage(
            "Corrupt object %s/shard.00000.json.meta at offset 4: the first sample begins at 1,"
                + " outside of 0 to 0",
            set.uri());
  }

  @Test
  void aLineMustEndInItsNewlineAndOnlyThere() throws IOException {
    MutableSet set = write("csv", "\n", List.of("1,x,2.0", "2,y,3.0"));
    int middle = "i,t,v\n1,x,2.0".length();
    set.patch("shard.00000.csv", middle, (byte) ' ');
    assertThatThrownBy(set::readAll)
        .hasMessageEndingWith(": sample 0: the line does not end in the shard's newline");
    set.patch("shard.00000.csv", middle, (byte) '\n').patch("shard.00000.csv", 9, (byte) '\n');
    assertThatThrownBy(set::readAll)
        .hasMessageEndingWith(": sample 0: there is a newline within the line");
  }

  @Test
  void samplesOfTheMetaFileMustBeThoseOfTheIndex() throws IOException {
    MutableSet set = write("csv", "\n", List.of("1,x,2.0", "2,y,3.0"));
    set.patch("shard.00000.csv.meta", 0, MdsValues.word(3));
    assertThatThrownBy(set::readAll)
        .hasMessage(
            "Corrupt object %s/shard.00000.csv.meta at offset 0: it holds 3 samples; the index says"
                + " 2",
            set.uri());
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "csv"})
  void aLargeDataFileIsCutIntoUnits(String format) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      String text = "line " + i + " é".repeat(i % 500);
      lines.add(
          format.equals("json")
              ? "{\"i\": %d, \"t\": \"%s\", \"v\": 0.5}".formatted(i, text)
              : i + "," + text + ",0.5");
    }
    MutableSet set = write(format, "\n", lines);
    DatasetManifest manifest = set.discover();
    Shard shard = manifest.shards().get(0);
    assertThat(shard.units()).isEqualTo(2);
    List<Sample> samples = set.readAll();
    assertThat(samples).hasSize(10_000);
    for (int i = 0; i < 10_000; i++) {
      assertThat(samples.get(i).getLong("i")).isEqualTo(i);
      assertThat(samples.get(i).getString("t")).isEqualTo("line " + i + " é".repeat(i % 500));
    }
    TestingObjectStore store = set.store();
    DirectShardInput input = new DirectShardInput(store, manifest.root());
    MdsSets.readUnit(shard, 1, input, manifest.schema());
    assertThat(input.reads()).hasSize(2);
    assertThat(input.reads().get(0).path()).endsWith(".meta");
    assertThat(input.verified()).hasSize(3);
  }
}
