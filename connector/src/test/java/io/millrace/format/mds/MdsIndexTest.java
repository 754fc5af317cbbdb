// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.storage.CorruptObjectException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every claim of an index, wrong in every way, is refused with the place where it stands. */
@Tag("unit")
class MdsIndexTest {

  @TempDir Path temporary;

  private MutableSet set(String name) throws IOException {
    return new MutableSet(MdsSets.path(name), temporary.resolve(name));
  }

  @ParameterizedTest(name = "{0}: {1} = {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        "raw-sha1 | version | 1 | version must be 2, not 1",
        "raw-sha1 | version | \"2\" | version must be 2, not 2",
        "raw-sha1 | version | 2.0 | version must be 2, not 2.0",
        "raw-sha1 | version | true | version must be 2, not true",
        "raw-sha1 | version | [2] | version must be 2, not an object or a list",
        "raw-sha1 | shards | {} | shards must be a list",
        "raw-sha1 | shards | null | shards must be a list",
        "raw-sha1 | shards.1 | 7 | shards[1] must be an object",
        "raw-sha1 | shards.1 | null | shards[1] must be an object",
        "raw-sha1 | shards.1.version | 1 | shards[1].version must be 2, not 1",
        "raw-sha1 | shards.1.version | null | shards[1].version must be a whole number from 0 to"
            + " 2147483647, not null",
        "raw-sha1 | shards.1.format | \"mdx\" | shards[1].format is \"mdx\", which is unknown;"
            + " known: mds, json, csv, tsv, xsv",
        "raw-sha1 | shards.1.format | 3 | shards[1].format must be a string, not 3",
        "raw-sha1 | shards.1.encrypted | true | shards[1].encrypted is a key that MDS does not"
            + " have",
        "raw-sha1 | shards.1.samples | -1 | shards[1].samples must be a whole number from 0 to"
            + " 2147483647, not -1",
        "raw-sha1 | shards.1.samples | 2147483648 | shards[1].samples must be a whole number from 0"
            + " to 2147483647, not 2147483648",
        "raw-sha1 | shards.1.samples | 99999999999999999999 | shards[1].samples must be a whole"
            + " number from 0 to 2147483647, not 99999999999999999999",
        "raw-sha1 | shards.1.samples | 10.0 | shards[1].samples must be a whole number from 0 to"
            + " 2147483647, not 10.0",
        "raw-sha1 | shards.1.samples | true | shards[1].samples must be a whole number from 0 to"
            + " 2147483647, not true",
        "raw-sha1 | shards.1.samples | 1000 | shards[1].samples is 1000, whose offsets take 4008"
            + " bytes, but shard.00001.mds has 388",
        "mds-all-none | shards.1.samples | 0 | shards[1].samples is 0, but shard.00001.mds has"
            + " 73287 bytes",
        "raw-sha1 | shards.1.column_names | \"i\" | shards[1].column_names must be a list, not"
            + " \"i\"",
        "raw-sha1 | shards.1.column_names | [\"i\", 5] | shards[1].column_names[1] must be a"
            + " string, not 5",
        "raw-sha1 | shards.1.column_names | [\"i\"] | shards[1].column_names has 1 names for 2"
            + " encodings and 2 sizes",
        "raw-sha1 | shards.1.column_names | [\"i\", \"i\"] | shards[1].column_names has \"i\""
            + " twice",
        "raw-sha1 | shards.1.column_names | [\"i\", \"\\ud800\"] | shards[1].column_names has a"
            + " name with half a surrogate pair, which no text can hold",
        "raw-sha1 | shards.1.column_encodings | [\"int\", null] | shards[1].column_encodings[1]"
            + " must be a string, not null",
        "raw-sha1 | shards.1.column_sizes | [8, \"x\"] | shards[1].column_sizes[1] must be a whole"
            + " number from 0 to 4294967295, not \"x\"",
        "raw-sha1 | shards.1.column_sizes | [8, -3] | shards[1].column_sizes[1] must be a whole"
            + " number from 0 to 4294967295, not -3",
        "raw-sha1 | shards.1.column_sizes | [4, null] | shards[1].column_sizes of column \"i\" is"
            + " 4, but values of encoding \"int\" have 8 bytes",
        "raw-sha1 | shards.1.compression | \"zstd\" | shards[1].zip_data must be an object: the"
            + " shard's compression is \"zstd\"",
        "raw-sha1 | shards.1.compression | 5 | shards[1].compression must be a string, not 5",
        "raw-sha1 | shards.1.zip_data | {} | shards[1].zip_data must be null: the shard's"
            + " compression is null",
        "mds-manyshards-zstd | shards.1.compression | null | shards[1].zip_data must be null: the"
            + " shard's compression is null",
        "mds-manyshards-zstd | shards.1.compression | \"lz4\" | shards[1].compression is not"
            + " usable: Cannot use compression \"lz4\": known compressions are zstd, gz, br, bz2,"
            + " snappy",
        "mds-manyshards-zstd | shards.1.compression | \"zstd:23\" | shards[1].compression is not"
            + " usable: Cannot use level 23 of compression zstd: levels are 1 to 22",
        "mds-manyshards-zstd | shards.1.zip_data | 1 | shards[1].zip_data must be an object, not 1",
        "raw-sha1 | shards.1.hashes | {} | shards[1].hashes must be a list, not an object",
        "raw-sha1 | shards.1.hashes | [\"md5\"] | shards[1].hashes names md5, which shard.00001.mds"
            + " does not have",
        "raw-sha1 | shards.1.raw_data.hashes | {} | shards[1].hashes names sha1, which"
            + " shard.00001.mds does not have",
        "raw-sha1 | shards.1.raw_data.hashes | [] | shards[1].raw_data.hashes must be an object,"
            + " not a list",
        "raw-sha1 | shards.1.raw_data.hashes | {\"crc\": \"ab\"} | shards[1].raw_data.hashes has no"
            + " algorithm that can be verified: crc; known: blake2b, blake2s, md5, sha1, sha224,"
            + " sha256, sha384, sha3_224, sha3_256, sha3_384, sha3_512, sha512, xxh128, xxh32,"
            + " xxh3_128, xxh3_64, xxh64",
        "raw-sha1 | shards.1.raw_data.hashes.sha1 | \"ab\" | shards[1].raw_data.hashes.sha1 must be"
            + " 40 hexadecimal digits, not \"ab\"",
        "raw-sha1 | shards.1.raw_data.hashes.sha1 | \"zz22702e7ec2f5e9b8d1f3f44ff625649b324747\" |"
            + " shards[1].raw_data.hashes.sha1 must be 40 hexadecimal digits, not"
            + " \"zz22702e7ec2f5e9b8d1f3f44ff625649b324747\"",
        "raw-sha1 | shards.1.raw_data.hashes.sha1 | 12 | shards[1].raw_data.hashes.sha1 must be a"
            + " string, not 12",
        "raw-sha1 | shards.1.raw_data | null | shards[1].raw_data must be an object, not null",
        "raw-sha1 | shards.1.raw_data.bytes | -1 | shards[1].raw_data.bytes must be a whole number"
            + " from 0 to 4294967295, not -1",
        "raw-sha1 | shards.1.raw_data.bytes | 4294967296 | shards[1].raw_data.bytes must be a whole"
            + " number from 0 to 4294967295, not 4294967296",
        "raw-sha1 | shards.1.raw_data.mode | 7 | shards[1].raw_data.mode is a key that MDS does not"
            + " have",
        "raw-sha1 | shards.1.raw_data.basename | null | shards[1].raw_data.basename must be a"
            + " string, not null",
        "raw-sha1 | shards.1.size_limit | -1 | shards[1].size_limit must be a whole number from 0"
            + " to 9223372036854775807, not -1",
        "raw-sha1 | shards.1.size_limit | \"many\" | shards[1].size_limit must be a size such as"
            + " \"64mb\", not \"many\"",
        "raw-sha1 | shards.1.size_limit | [] | shards[1].size_limit must be a whole number from 0"
            + " to 9223372036854775807, not a list",
        "json-none | shards.1.columns | [] | shards[1].columns must be an object, not a list",
        "json-none | shards.1.columns.v | \"bool\" | shards[1].columns.v has the encoding \"bool\","
            + " which is unknown; known: str, int, float",
        "json-none | shards.1.newline | null | shards[1].newline must be a string, not null",
        "json-none | shards.1.samples | 500 | shards[1].samples is 500, whose offsets take 2008"
            + " bytes, but shard.00001.json.meta has 233",
        "json-none | shards.1.samples | 0 | shards[1].samples is 0, but shard.00001.json has 1296"
            + " bytes",
        "csv-none | shards.1.samples | 0 | shards[1].samples is 0, but shard.00001.csv has 688"
            + " bytes",
        "csv-none | shards.1.separator | \",\" | shards[1].separator is a key that MDS does not"
            + " have",
        "csv-none | shards.1.newline | \"\" | shards[1].newline must have 1 to 64"
            + " characters, not 0",
        "csv-none | shards.1.column_encodings | [\"int\", \"str\", \"int8\"] |"
            + " shards[1].column_encodings has the encoding \"int8\", which is unknown; known: str,"
            + " int, float",
        "csv-none | shards.1.raw_meta | null | shards[1].raw_meta must be an object, not null",
        "xsv-pipe | shards.1.separator | \"\" | shards[1].separator must have 1 to 64"
            + " characters, not 0",
        "xsv-pipe | shards.1.separator | \"\\ud800\" | shards[1].separator has half a surrogate pair,"
            + " which no text can hold",
        "csv-none | shards.1.zip_meta | {} | shards[1].zip_meta must be null: the shard's"
            + " compression is null",
        "json-br | shards.1.zip_meta | null | shards[1].zip_meta must be an object: the shard's"
            + " compression is \"br\"",
      })
  void aWrongValueIsRefused(String name, String path, String value, String problem)
      throws IOException {
    MutableSet set = set(name).set(path, TestJson.parse(value));

    CorruptObjectException error =
        catchThrowableOfType(CorruptObjectException.class, set::discover);

    assertThat(error).isNotNull();
    assertThat(error.getMessage())
        .matches("(?s)Corrupt object " + set.uri() + "/index.json at offset [0-9]+: .*")
        .endsWith(": " + problem);
    assertThat(error.object().uri()).isEqualTo(set.uri() + "/index.json");
  }

  @ParameterizedTest
  @CsvSource({"csv-none, newline, 1", "xsv-pipe, separator, 1", "json-none, newline, 0"})
  void newlineAndSeparatorHaveUpTo64Characters(String name, String key, int least)
      throws IOException {
    MutableSet set = set(name).set("shards.1." + key, "é".repeat(64));
    set.discover();
    set.set("shards.1." + key, "é".repeat(65));
    assertThatThrownBy(set::discover)
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageEndingWith(": shards[1].%s must have %d to 64 characters, not 65", key, least);
  }

  @Test
  void longTextsAreCutInMessages() throws IOException {
    String text = "x".repeat(60_000);
    String cut = "x".repeat(40) + "…";
    assertThatThrownBy(set("raw-sha1").set("shards.1.column_names", List.of(text, text))::discover)
        .hasMessageEndingWith(": shards[1].column_names has \"" + cut + "\" twice");
    assertThatThrownBy(set("mds-colnames").set("shards.0.column_encodings.0", text)::discover)
        .hasMessageContaining(" is not usable: unknown encoding \"" + cut + "\"; known: ");
    assertThatThrownBy(set("mds-manyshards-zstd").set("shards.1.compression", text)::discover)
        .hasMessageEndingWith(
            ": shards[1].compression is not usable: Cannot use compression \""
                + cut
                + "\": known compressions are zstd, gz, br, bz2, snappy");
    Map<String, Object> hashes = new TreeMap<>();
    for (int i = 0; i < 100; i++) {
      hashes.put(i + text, "00");
    }
    assertThatThrownBy(set("csv-none").set("shards.1.raw_data.hashes", hashes)::discover)
        .hasMessageContaining("xxx…, 16" + "x".repeat(38) + "… and 92 more; known: ");
  }

  @Test
  void aShardOfTooManyCharactersIsRefused() throws IOException {
    MutableSet set =
        set("mds-colnames")
            .set("shards.0.column_names", Collections.nCopies(513, "x".repeat(1 << 16)));
    assertThatThrownBy(set::discover)
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageEndingWith(": a shard of more than 33554432 characters");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "version",
        "shards",
        "shards.1.version",
        "shards.1.format",
        "shards.1.samples",
        "shards.1.column_names",
        "shards.1.column_encodings",
        "shards.1.column_sizes",
        "shards.1.compression",
        "shards.1.hashes",
        "shards.1.raw_data",
        "shards.1.zip_data",
        "shards.1.size_limit",
        "shards.1.raw_data.basename",
        "shards.1.raw_data.bytes",
        "shards.1.raw_data.hashes"
      })
  void aMissingKeyIsRefused(String path) throws IOException {
    MutableSet set = set("raw-sha1").remove(path);
    String key = path.substring(path.lastIndexOf('.') + 1);
    assertThatThrownBy(set::discover)
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageEndingWith(" has no \"" + key + "\"");
  }

  @Test
  void theOffsetIsThatOfTheValue() throws IOException {
    MutableSet set = set("raw-sha1").set("shards.1.samples", "ten");
    String text = Files.readString(set.file("index.json"));
    CorruptObjectException error =
        catchThrowableOfType(CorruptObjectException.class, set::discover);
    assertThat(error.offset()).isEqualTo(text.indexOf("\"ten\""));
  }

  @Test
  void keysBesideTheShardsAreSkipped() throws IOException {
    MutableSet set = set("raw-sha1").set("written_by", Map.of("tool", "x"));
    assertThat(set.discover().samples()).isEqualTo(64);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "0", "67108864", "\"64mb\"", "\"1.5 GB\"", "\"100\""})
  void aSizeLimitMayBeANumberATextOrNull(String limit) throws IOException {
    MutableSet set = set("raw-sha1").set("shards.0.size_limit", TestJson.parse(limit));
    assertThat(set.readAll()).hasSize(64);
  }

  @Test
  void aColumnSizeOfZeroIsVariable() throws IOException {
    MutableSet set = set("raw-sha1").set("shards.0.column_sizes.1", 0);
    assertThat(set.readAll()).isEqualTo(MdsSets.readAll(MdsSets.path("raw-sha1")));
  }

  @Test
  void unknownHashesArePassedOverWhereOneIsKnown() throws IOException {
    MutableSet set =
        set("raw-sha1")
            .set("shards.0.raw_data.hashes.crc", "00")
            .set("shards.0.hashes", TestJson.parse("[\"crc\", \"sha1\"]"));
    assertThat(set.discover().shards().get(0).objects().get(0).hash())
        .hasValueSatisfying(hash -> assertThat(hash.algorithm()).isEqualTo("sha1"));
  }

  @Test
  void theFastestHashIsChosenAndUpperCaseDigitsAreTaken() throws IOException {
    MutableSet set =
        set("raw-sha1")
            .set("shards.0.raw_data.hashes.xxh64", "00112233445566AA")
            .set("shards.0.raw_data.hashes.md5", "00112233445566aa00112233445566aa");
    assertThat(set.discover().shards().get(0).objects().get(0).hash())
        .hasToString("Optional[ContentHash[algorithm=xxh64, hex=00112233445566aa]]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        "\"version\": 2, | \"version\": 2, \"version\": 2, | Duplicate field 'version'",
        "\"samples\": 10, | \"samples\": 10, \"samples\": 10, | Duplicate field 'samples'",
        "\"samples\": 10, | \"samples\": 010, | Invalid numeric value: Leading zeroes not allowed",
        "\"samples\": 10, | \"samples\": NaN, | Non-standard token 'NaN'",
        "\"samples\": 10, | 'samples': 10, | Unexpected character (''' (code 39))",
        "\"samples\": 10, | \"samples\": 10,, | Unexpected character (',' (code 44))",
      })
  void whatIsNotJsonIsRefused(String good, String bad, String problem) throws IOException {
    MutableSet set = set("raw-sha1");
    String text = Files.readString(set.file("index.json"));
    int at = text.indexOf(good.strip());
    // The index ends with its version; this one has it in front, too.
    String damaged =
        at < 0
            ? text.replaceFirst("\\{", "{" + bad)
            : text.substring(0, at) + bad + text.substring(at + good.strip().length());
    Files.writeString(set.file("index.json"), damaged);
    assertThatThrownBy(set::discover)
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("not a valid index: " + problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE"})
  void anIndexIsUtf8(String charset) throws IOException {
    MutableSet set = set("raw-sha1");
    String text = Files.readString(set.file("index.json"));
    Files.write(set.file("index.json"), text.getBytes(Charset.forName(charset)));
    assertThatThrownBy(set::discover)
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("not a valid index");
    // what begins like UTF-32 and then is none
    Files.write(set.file("index.json"), new byte[] {'{', 0, 0, 0, '"', '"', '"', '"'});
    assertThatThrownBy(set::discover)
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("not a valid index");
  }

  @Test
  void deepNestingAndLongStringsAreRefused() throws IOException {
    MutableSet set = set("raw-sha1");
    Files.writeString(set.file("index.json"), "{\"x\": " + "[".repeat(100_000));
    assertThatThrownBy(set::discover)
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("nesting depth (9) exceeds the maximum allowed (8");
    set.set("shards.0.raw_data.basename", "x".repeat(1 << 17));
    assertThatThrownBy(set::discover)
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("exceeds the maximum allowed (65536");
  }

  @Test
  void everyCutOfAnIndexIsRefused() throws IOException {
    MutableSet set = set("mds-colnames");
    byte[] whole = Files.readAllBytes(set.file("index.json"));
    for (int length = 0; length < whole.length; length++) {
      Files.write(set.file("index.json"), Arrays.copyOf(whole, length));
      CorruptObjectException error =
          catchThrowableOfType(CorruptObjectException.class, set::discover);
      assertThat(error).as("cut to %d bytes", length).isNotNull();
      assertThat(error.offset()).isBetween(0L, (long) length);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "{}", "\0"})
  void nothingMayFollowTheIndex(String more) throws IOException {
    MutableSet set = set("mds-colnames");
    String text = Files.readString(set.file("index.json"));
    Files.writeString(set.file("index.json"), text + more);
    assertThatThrownBy(set::discover).isInstanceOf(CorruptObjectException.class);
    Files.writeString(set.file("index.json"), text + " \n");
    assertThat(set.discover().samples()).isEqualTo(3);
  }

  @Test
  void anIndexOfSeveralPiecesIsReadWhole() throws IOException {
    MutableSet set = set("mds-colnames");
    String text = Files.readString(set.file("index.json"));
    byte[] padded =
        ("{" + " ".repeat(9 << 20) + text.substring(1)).getBytes(StandardCharsets.UTF_8);
    Files.write(set.file("index.json"), padded);
    assertThat(set.readAll()).isEqualTo(MdsSets.readAll(MdsSets.path("mds-colnames")));
  }

  @Test
  void anIndexWithoutShardsIsAnEmptyDataset() throws IOException {
    MutableSet set = set("mds-colnames").set("shards", List.of());
    assertThat(set.discover().shards()).isEmpty();
    assertThat(set.discover().schema().size()).isZero();
  }
}
