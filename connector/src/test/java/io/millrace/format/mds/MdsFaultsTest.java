// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.millrace.format.DatasetManifest;
import io.millrace.format.DirectShardInput;
import io.millrace.format.Shard;
import io.millrace.storage.CorruptObjectException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged objects give the error that says what is wrong and where. */
@Tag("unit")
class MdsFaultsTest {

  @TempDir Path temporary;

  private MutableSet set(String name) throws IOException {
    return new MutableSet(MdsSets.path(name), temporary.resolve(name));
  }

  /** A raw shard of three samples without hashes: n at 0, offsets at 4, 8, 12, 16. */
  private MutableSet unhashed(String compression) throws IOException {
    Path directory = temporary.resolve("unhashed");
    try (MdsWriter writer = new MdsWriter(directory, Map.of("i", "int", "t", "str"))) {
      if (!compression.isEmpty()) {
        writer.compression(compression);
      }
      for (int i = 0; i < 3; i++) {
        writer.write(Map.of("i", i, "t", "text" + i));
      }
    }
    return new MutableSet(directory, temporary.resolve("copy"));
  }

  @Test
  void aFlippedByteShowsInTheHash() throws IOException {
    MutableSet set = set("raw-sha1");
    byte[] content = Files.readAllBytes(set.file("shard.00003.mds"));
    set.patch("shard.00003.mds", content.length - 3, (byte) (content[content.length - 3] ^ 1));
    assertThatThrownBy(set::readAll)
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageMatching(
            "Corrupt object "
                + set.uri()
                + "/shard.00003.mds at offset 0: its sha1 is [0-9a-f]{40}; the index says "
                + MutableSet.map(set.at("shards.3.raw_data.hashes")).get("sha1"));
  }

  @Test
  void aCutShardHasTheWrongLength() throws IOException {
    MutableSet set = set("raw-sha1");
    byte[] content = Files.readAllBytes(set.file("shard.00005.mds"));
    Files.write(set.file("shard.00005.mds"), Arrays.copyOf(content, 200));
    assertThatThrownBy(set::discover)
        .isInstanceOf(CorruptObjectException.class)
        .hasMessage(
            "Corrupt object %s/shard.00005.mds at offset 200: it has 200 bytes;"
                    .formatted(set.uri())
                + " shards[5].raw_data of %s/index.json says 388".formatted(set.uri()));
  }

  @Test
  void anEmptyFileHasTheWrongLength() throws IOException {
    MutableSet set = set("raw-sha1");
    Files.write(set.file("shard.00002.mds"), new byte[0]);
    assertThatThrownBy(set::discover)
        .isInstanceOf(CorruptObjectException.class)
        .hasMessage(
            "Corrupt object %s/shard.00002.mds at offset 0: it has 0 bytes;".formatted(set.uri())
                + " shards[2].raw_data of %s/index.json says 388".formatted(set.uri()));
  }

  @Test
  void aLenientDiscoveryLeavesWhatIsWrongToTheOpening() throws IOException {
    MutableSet set = set("raw-sha1");
    assertThat(discoverLeniently(set).shards()).containsExactlyElementsOf(set.discover().shards());
    long shards = set.discover().shards().size();
    byte[] content = Files.readAllBytes(set.file("shard.00005.mds"));
    Files.write(set.file("shard.00005.mds"), Arrays.copyOf(content, 200));
    Files.write(set.file("shard.00002.mds"), new byte[0]);
    Files.delete(set.file("shard.00006.mds"));

    DatasetManifest found = discoverLeniently(set);

    assertThat(found.shards()).hasSize((int) shards);
    for (Shard shard : found.shards()) {
      DirectShardInput input = new DirectShardInput(set.store(), found.root());
      ThrowingCallable open = () -> new MdsFormat().open(shard, 0, input, found.schema()).close();
      switch (shard.index()) {
        case 2, 5 -> assertThatThrownBy(open).isInstanceOf(CorruptObjectException.class);
        case 6 -> assertThatThrownBy(open).isInstanceOf(FileNotFoundException.class);
        default -> assertThatCode(open).doesNotThrowAnyException();
      }
    }
  }

  private static DatasetManifest discoverLeniently(MutableSet set) throws IOException {
    return new MdsFormat().discoverLeniently(set.store(), set.store().root());
  }

  @Test
  void aMissingShardIsNamedWithItsIndex() throws IOException {
    MutableSet set = set("raw-sha1");
    Files.delete(set.file("shard.00006.mds"));
    assertThatThrownBy(set::discover)
        .isInstanceOf(FileNotFoundException.class)
        .hasMessage(
            "Cannot find %s/shard.00006.mds, which shards[6].raw_data of %s/index.json names"
                .formatted(set.uri(), set.uri()));
  }

  @Test
  void aMissingDirectoryOfAMergedIndexIsAMissingShard() throws IOException {
    MutableSet set = set("raw-sha1").set("shards.4.raw_data.basename", "00001/shard.00004.mds");
    assertThatThrownBy(set::discover)
        .isInstanceOf(FileNotFoundException.class)
        .hasMessage(
            "Cannot find %s/00001/shard.00004.mds, which shards[4].raw_data of %s/index.json names"
                .formatted(set.uri(), set.uri()));
  }

  @Test
  void aMissingIndexIsNamed() {
    assertThatThrownBy(() -> MdsSets.discover(temporary))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageEndingWith(" as MDS: there is no index.json in it");
    assertThatThrownBy(() -> MdsSets.discover(MdsSets.path("mds-split")))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageEndingWith(
            "/mds-split as MDS: there is no index.json in it; perhaps one of its directories is"
                + " meant: train, val");
  }

  @Test
  void aCutIndexIsCorrupt() {
    assertThatThrownBy(() -> MdsSets.discover(MdsSets.path("broken/cut-index")))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("/cut-index/index.json at offset ")
        .hasMessageContaining(": not a valid index, perhaps cut: Unrecognized token 'n'");
  }

  @Test
  void aPathThatClimbsOutIsRefused() {
    assertThatThrownBy(() -> MdsSets.discover(MdsSets.path("broken/path-escape")))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining(
            ": shards[0].raw_data.basename is not usable: Cannot use path \"../outside.mds\" below ")
        .hasMessageEndingWith(": it has a part \"..\", which may leave the directory");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/passwd",
        "a//b",
        "./shard.00000.mds",
        "..",
        "",
        "a\\b",
        "file:///x",
        "a/../b"
      })
  void pathsThatMayLeaveTheDirectoryAreRefused(String path) throws IOException {
    MutableSet set = set("raw-sha1").set("shards.0.raw_data.basename", path);
    assertThatThrownBy(set::discover)
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("/index.json at offset ")
        .hasMessageContaining(
            ": shards[0].raw_data.basename is not usable: Cannot use path \"" + path + "\" below ");
  }

  /** Of compressed shards only the zip files are read; another tool may read the others. */
  @ParameterizedTest
  @ValueSource(strings = {"raw_data", "raw_meta", "zip_data", "zip_meta"})
  void pathsOfFilesThatAreNotReadAreRefusedToo(String kind) throws IOException {
    for (String path : List.of("../x", "/x", "a\\b", "s3://b/x")) {
      MutableSet set = set("json-br").set("shards.1." + kind + ".basename", path);
      assertThatThrownBy(set::discover)
          .isInstanceOf(CorruptObjectException.class)
          .hasMessageContaining(
              ": shards[1].%s.basename is not usable: Cannot use path \"%s\" below ", kind, path);
      delete(temporary);
    }
  }

  @Test
  void anUnknownEncodingIsNamed() {
    assertThatThrownBy(() -> MdsSets.discover(MdsSets.path("broken/unknown-encoding")))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining(
            ": shards[0].column_encodings of column \"x\" is not usable: unknown encoding"
                + " \"int128\"; known: bytes, str, int, ");
  }

  @Test
  void damagedZstdIsRefusedEvenWithoutAHash() throws IOException {
    MutableSet set = set("mds-manyshards-zstd");
    for (String kind : List.of("raw_data", "zip_data")) {
      set.set("shards.1." + kind + ".hashes", Map.of());
    }
    set.set("shards.1.hashes", List.of());
    byte[] content = Files.readAllBytes(set.file("shard.00001.mds.zstd"));
    for (int i = content.length / 2; i < content.length / 2 + 8; i++) {
      content[i] ^= 0x55;
    }
    Files.write(set.file("shard.00001.mds.zstd"), content);
    assertThatThrownBy(() -> set.read(1, 0))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("/shard.00001.mds.zstd at offset ");
  }

  @Test
  void theRawHashIsCheckedWhereOnlyItIsPublished() throws IOException {
    MutableSet set =
        set("mds-manyshards-zstd")
            .set("shards.1.zip_data.hashes", Map.of())
            .set("shards.1.raw_data.hashes", Map.of("xxh64", "0123456789abcdef"));
    assertThatThrownBy(() -> set.read(1, 0))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("/shard.00001.mds.zstd at offset 0: in the inflated bytes: xxh64 is ")
        .hasMessageEndingWith("; the index says 0123456789abcdef");
  }

  /** The writer's fault, which the stored file's hash cannot show. */
  @Test
  void theRawHashIsCheckedBesideThatOfTheStoredFile() throws IOException {
    MutableSet set =
        set("mds-manyshards-zstd")
            .set("shards.1.raw_data.hashes", Map.of("xxh64", "0123456789abcdef"));
    assertThat(set.discover().shards().get(1).objects().get(0).hash()).isPresent();
    assertThatThrownBy(() -> set.read(1, 0))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("/shard.00001.mds.zstd at offset 0: in the inflated bytes: xxh64 is ")
        .hasMessageEndingWith("; the index says 0123456789abcdef");
  }

  @Test
  void noHashIsCheckedWhereHashesAreNotToBeVerified() throws IOException {
    MutableSet set =
        set("mds-manyshards-zstd")
            .set("shards.1.raw_data.hashes", Map.of("xxh64", "0123456789abcdef"));
    for (boolean stored : new boolean[] {true, false}) {
      if (!stored) {
        set.set("shards.1.zip_data.hashes", Map.of());
        set.set("shards.1.hashes", List.of());
      }
      DatasetManifest manifest = set.discover();
      DirectShardInput input =
          new DirectShardInput(set.store(), manifest.root()).withoutVerification();
      assertThat(MdsSets.readUnit(manifest.shards().get(1), 0, input, manifest.schema()))
          .hasSize((int) manifest.shards().get(1).samples());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"zstd", "gz", "bz2", "snappy"})
  void noMemoryIsAllocatedForASizeThatCannotBe(String compression) throws IOException {
    MutableSet set = unhashed(compression).set("shards.0.raw_data.bytes", 4294967295L);
    DatasetManifest manifest = set.discover();
    DirectShardInput input = new DirectShardInput(set.store(), manifest.root());
    assertThatThrownBy(
            () -> MdsSets.readUnit(manifest.shards().get(0), 0, input, manifest.schema()))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("/shard.00000.mds." + compression + " at offset 0: the ")
        .hasMessageEndingWith(" bytes where 4294967295 are declared");
    assertThat(input.allocated()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"zstd", "gz", "bz2", "snappy"})
  void theDeclaredSizeIsEnforced(String compression) throws IOException {
    MutableSet set = unhashed(compression);
    long raw = Long.parseLong(String.valueOf(set.at("shards.0.raw_data.bytes")));
    for (long wrong : new long[] {raw - 1, raw + 1, raw + 300_000}) {
      set.set("shards.0.raw_data.bytes", wrong);
      assertThatThrownBy(() -> set.read(0, 0))
          .as("%d bytes for %d", wrong, raw)
          .isInstanceOf(CorruptObjectException.class)
          .hasMessageContaining("/shard.00000.mds." + compression + " at offset ");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 4 | 0 | it holds 4 samples; the index says 3",
        "0 | -1 | 0 | it holds 4294967295 samples; the index says 3",
        "4 | 19 | 4 | the first sample begins at 19, outside of 20 to LENGTH",
        "4 | 100000 | 4 | the first sample begins at 100000, outside of 20 to LENGTH",
        "8 | 20 | 8 | offset 1 of the table is 20, outside of FIRST to LENGTH",
        "8 | 100000 | 8 | offset 1 of the table is 100000, outside of FIRST to LENGTH",
        "12 | -1 | 12 | offset 2 of the table is 4294967295, outside of SECOND to LENGTH",
        "16 | 30 | 16 | the last sample ends at 30; the file has LENGTH bytes",
      })
  void wrongHeadsAreRefused(int offset, int word, long at, String problem) throws IOException {
    for (String compression : List.of("", "zstd")) {
      MutableSet raw = unhashed("");
      long length = Files.size(raw.file("shard.00000.mds"));
      long first = length - 3 * 17;
      raw.patch("shard.00000.mds", offset, MdsValues.word(word));
      MutableSet set = compression.isEmpty() ? raw : recompressed(raw);
      String expected =
          problem
              .replace("LENGTH", "" + length)
              .replace("FIRST", "" + first)
              .replace("SECOND", "" + (first + 17));
      assertThatThrownBy(() -> set.read(0, 0))
          .isInstanceOf(CorruptObjectException.class)
          .hasMessage(
              "Corrupt object %s/shard.00000.mds%s at offset %d: %s%s",
              set.uri(),
              compression.isEmpty() ? "" : ".zstd",
              at,
              compression.isEmpty() ? "" : "in the inflated bytes: ",
              expected);
      delete(temporary);
    }
  }

  private static MutableSet recompressed(MutableSet raw) throws IOException {
    byte[] zip = Zstd.compress(Files.readAllBytes(raw.file("shard.00000.mds")));
    Files.write(raw.file("shard.00000.mds.zstd"), zip);
    Files.delete(raw.file("shard.00000.mds"));
    return raw.set("shards.0.compression", "zstd")
        .set(
            "shards.0.zip_data",
            new TreeMap<>(
                Map.of(
                    "basename", "shard.00000.mds.zstd", "bytes", zip.length, "hashes", Map.of())));
  }

  private static void delete(Path directory) {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(directory)) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aBadSampleIsNamedWithItsColumnAndOffset() throws IOException {
    MutableSet set = unhashed("");
    int length = (int) Files.size(set.file("shard.00000.mds"));
    int second = length - 2 * 17;

    set.patch("shard.00000.mds", second + 4 + 8 + 2, (byte) 0xff);
    assertThatThrownBy(() -> set.read(0, 0))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessage(
            "Corrupt object %s/shard.00000.mds at offset %d: sample 1: column \"t\" (str): byte 0xff"
                    .formatted(set.uri(), second + 14)
                + " is not valid UTF-8");

    set.patch("shard.00000.mds", second, MdsValues.word(4));
    assertThatThrownBy(() -> set.read(0, 0))
        .hasMessage(
            "Corrupt object %s/shard.00000.mds at offset %d: sample 1: its columns' sizes add up to"
                    .formatted(set.uri(), second)
                + " 16 bytes, but it has 17");
  }

  @Test
  void aBadSampleOfACompressedShardHasItsOffsetInTheInflatedBytes() throws IOException {
    MutableSet raw = unhashed("");
    int last = (int) Files.size(raw.file("shard.00000.mds")) - 1;
    MutableSet set = recompressed(raw.patch("shard.00000.mds", last, (byte) 0xc3));
    assertThatThrownBy(() -> set.read(0, 0))
        .hasMessage(
            "Corrupt object %s/shard.00000.mds.zstd at offset %d: in the inflated bytes: sample 2:"
                    .formatted(set.uri(), last)
                + " column \"t\" (str): byte 0xc3 is not valid UTF-8");
  }

  /** Whatever is flipped: the values, or an error of the storage; never another exception. */
  @ParameterizedTest
  @ValueSource(
      strings = {"mds-colnames", "mds-fixed", "mds-all-none", "mds-pkl", "json-none", "xsv-pipe"})
  void randomDamageNeverEscapesAsAnotherException(String name) throws IOException {
    MutableSet set = set(name);
    List<Path> files;
    try (var walk = Files.list(set.file(""))) {
      files = walk.sorted().toList();
    }
    Random random = new Random(name.hashCode());
    int refused = 0;
    int rounds = 100;
    for (int i = 0; i < rounds; i++) {
      Path file = files.get(random.nextInt(files.size()));
      byte[] good = Files.readAllBytes(file);
      byte[] bad = good.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      Files.write(file, bad);
      try {
        set.readAll();
      } catch (IOException e) {
        refused++;
      }
      Files.write(file, good);
    }
    assertThat(refused).isBetween(rounds / 10, rounds);
  }
}
