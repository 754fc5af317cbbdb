// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.format.ByteRange;
import io.millrace.format.DatasetManifest;
import io.millrace.format.DirectShardInput;
import io.millrace.format.DirectShardInput.Read;
import io.millrace.format.Shard;
import io.millrace.format.ShardReader;
import io.millrace.sample.Bytes;
import io.millrace.sample.Sample;
import io.millrace.sample.Schema;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.TestingObjectStore;
import io.millrace.storage.TestingObjectStore.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How shards are cut, and what is asked of the store. */
@Tag("unit")
class MdsUnitsTest {

  private static final int SAMPLES = 150;

  @TempDir static Path shared;
  @TempDir Path temporary;

  private static Path large;
  private static List<Map<String, Object>> written;

  @BeforeAll
  static void writeALargeShard() throws IOException {
    large = shared.resolve("large");
    written = new ArrayList<>();
    Random random = new Random(1);
    try (MdsWriter writer =
        new MdsWriter(large, Map.of("data", "bytes", "id", "int", "text", "str"))
            .hashes("xxh3_64")) {
      for (int i = 0; i < SAMPLES; i++) {
        // From 0 to 200,000 bytes: about 15 MB.
        byte[] data = new byte[random.nextInt(200_000)];
        random.nextBytes(data);
        Map<String, Object> sample =
            Map.of("data", Bytes.wrap(data), "id", (long) i, "text", "é" + i);
        written.add(sample);
        writer.write(sample);
      }
    }
  }

  private static void assertWritten(List<Sample> samples) {
    assertThat(samples).hasSize(SAMPLES);
    for (int i = 0; i < SAMPLES; i++) {
      Sample sample = samples.get(i);
      assertThat(sample.get("data")).isEqualTo(written.get(i).get("data"));
      assertThat(sample.get("id")).isEqualTo(written.get(i).get("id"));
      assertThat(sample.get("text")).isEqualTo(written.get(i).get("text"));
    }
  }

  @Test
  void aLargeRawShardIsCutIntoUnitsThatPartitionIt() throws IOException {
    DatasetManifest manifest = MdsSets.discover(large);
    Shard shard = manifest.shards().get(0);
    long length = Files.size(large.resolve("shard.00000.mds"));
    assertThat(shard.units()).isEqualTo(4);
    assertThat(shard.samplesPerUnit())
        .isEqualTo(Math.round(SAMPLES * (double) (4 << 20) / (length - 608)));
    assertThat(shard.unitBytes()).isBetween(3L << 20, 5L << 20);

    List<ByteRange> units = new ArrayList<>();
    for (int unit = 0; unit < shard.units(); unit++) {
      DirectShardInput input = new DirectShardInput(new TestingObjectStore(large), manifest.root());
      assertThat(MdsSets.readUnit(shard, unit, input, manifest.schema()))
          .hasSize(shard.samplesIn(unit));
      assertThat(input.reads()).hasSize(2);
      assertThat(input.reads().get(0))
          .isEqualTo(new Read("shard.00000.mds", new ByteRange(0, 4 + 4 * (SAMPLES + 1))));
      assertThat(input.verified()).contains(input.reads().get(0), input.reads().get(1));
      assertThat(input.verified()).hasSize(5);
      assertThat(input.allocated()).isZero();
      units.add(input.reads().get(1).range());
    }
    long end = 4 + 4 * (SAMPLES + 1);
    for (ByteRange unit : units) {
      assertThat(unit.offset()).isEqualTo(end);
      end = unit.end();
    }
    assertThat(end).isEqualTo(length);
  }

  @Test
  void aCutShardHoldsWhatWasWritten() throws IOException {
    assertWritten(MdsSets.readAll(large));
  }

  @Test
  void samplesMayBeReadInAnyOrderAndAgain() throws IOException {
    DatasetManifest manifest = MdsSets.discover(large);
    Schema ids = manifest.schema().project(List.of("id"));
    Shard shard = manifest.shards().get(0);
    DirectShardInput input = new DirectShardInput(new TestingObjectStore(large), manifest.root());
    try (ShardReader reader = MdsSets.FORMAT.open(shard, 1, input, ids)) {
      for (int i : new int[] {5, 0, 5, reader.samples() - 1}) {
        CapturedLong id = new CapturedLong();
        reader.read(i, id);
        assertThat(id.value()).isEqualTo(shard.firstSample(1) + i);
      }
      assertThatThrownBy(() -> reader.read(reader.samples(), new CapturedLong()))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> reader.read(-1, new CapturedLong()))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void aProjectionHasItsFieldsInItsOrder() throws IOException {
    DatasetManifest manifest = MdsSets.discover(large);
    Schema projection = manifest.schema().project(List.of("text", "id"));
    List<Sample> samples = MdsSets.readAll(large, manifest, projection);
    assertThat(samples.get(7).schema()).isEqualTo(projection);
    assertThat(samples.get(7).get(0)).isEqualTo("é7");
    assertThat(samples.get(7).get(1)).isEqualTo(7L);
    List<Sample> none = MdsSets.readAll(large, manifest, manifest.schema().project(List.of()));
    assertThat(none).hasSize(SAMPLES);
  }

  @Test
  void aFlipInAnyUnitShowsInTheHashOfEveryUnit() throws IOException {
    MutableSet set = new MutableSet(large, temporary.resolve("set"));
    int last = (int) Files.size(set.file("shard.00000.mds")) - 1;
    byte[] content = Files.readAllBytes(set.file("shard.00000.mds"));
    set.patch("shard.00000.mds", last, (byte) ~content[last]);
    assertThatThrownBy(() -> set.read(0, 0))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("/shard.00000.mds at offset 0: its xxh3_64 is ");
  }

  @Test
  void wrongOffsetsOfACutShardAreRefused() throws IOException {
    MutableSet set = new MutableSet(large, temporary.resolve("set"));
    set.set("shards.0.raw_data.hashes", Map.of()).set("shards.0.hashes", List.of());
    long perUnit = set.discover().shards().get(0).samplesPerUnit();
    String name = "shard.00000.mds";

    // A border of units shows in every unit, an offset within one only there.
    set.patch(name, (int) (4 + 4 * perUnit), MdsValues.word(-1));
    assertThatThrownBy(() -> set.read(0, 3))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining(
            "at offset %d: offset %d of the table is 4294967295, outside of "
                .formatted(4 + 4 * perUnit, perUnit));
    MutableSet other = new MutableSet(large, temporary.resolve("other"));
    other.set("shards.0.raw_data.hashes", Map.of()).set("shards.0.hashes", List.of());
    other.patch(name, (int) (4 + 4 * (perUnit + 2)), MdsValues.word(0));
    assertThat(other.read(0, 0)).hasSize((int) perUnit);
    assertThatThrownBy(() -> other.read(0, 1))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("offset %d of the table is 0, outside of ".formatted(perUnit + 2));
  }

  @Test
  void aCompressedShardIsOneUnitInflatedToItsRawSize() throws IOException {
    Path directory = temporary.resolve("zip");
    try (MdsWriter writer =
        new MdsWriter(directory, Map.of("data", "bytes", "id", "int", "text", "str"))
            .compression("zstd:1")
            .hashes("sha1", "xxh64")) {
      for (Map<String, Object> sample : written) {
        writer.write(sample);
      }
    }
    DatasetManifest manifest = MdsSets.discover(directory);
    Shard shard = manifest.shards().get(0);
    long raw = Files.size(large.resolve("shard.00000.mds"));
    long zip = Files.size(directory.resolve("shard.00000.mds.zstd"));
    assertThat(shard.units()).isEqualTo(1);
    assertThat(shard.storedBytes()).isEqualTo(zip);
    assertThat(shard.unitBytes()).isBetween(raw + zip, raw + zip + 100);
    assertThat(shard.objects().get(0).hash())
        .hasValueSatisfying(hash -> assertThat(hash.algorithm()).isEqualTo("xxh64"));
    DirectShardInput input =
        new DirectShardInput(new TestingObjectStore(directory), manifest.root());
    assertWritten(MdsSets.readUnit(shard, 0, input, manifest.schema()));
    assertThat(input.reads())
        .containsExactly(new Read("shard.00000.mds.zstd", new ByteRange(0, zip)));
    assertThat(input.allocated()).isEqualTo(shard.unitBytes() - zip);
  }

  @Test
  void discoveryListsOnceADirectoryAndAsksForOneStatus() throws IOException {
    TestingObjectStore store = new TestingObjectStore(MdsSets.path("mds-manyshards-zstd"));
    DatasetManifest manifest = MdsSets.FORMAT.discover(store, store.root());
    assertThat(manifest.shards()).hasSize(63);
    assertThat(store.count(Operation.LIST)).isEqualTo(1);
    assertThat(store.count(Operation.STATUS)).as("of the index").isEqualTo(1);
    assertThat(store.count(Operation.OPEN)).isEqualTo(1);
    assertThat(store.openReaders()).isZero();
  }

  @Test
  void shardsOfEqualColumnsShareASmallDescriptor() throws IOException {
    List<Shard> raw = MdsSets.discover(MdsSets.path("raw-sha1")).shards();
    assertThat(raw.get(6).descriptor()).isSameAs(raw.get(0).descriptor());
    List<Shard> many = MdsSets.discover(MdsSets.path("mds-all-zstd")).shards();
    assertThat(many.get(0).descriptor().size()).isBetween(200, 1000);
  }

  @Test
  void anEmptyShardHasNoUnits() throws IOException {
    List<Shard> shards = MdsSets.discover(MdsSets.path("mds-oversize")).shards();
    assertThat(shards).filteredOn(shard -> shard.samples() == 0).isNotEmpty();
    assertThat(shards).filteredOn(shard -> shard.samples() == 0).allMatch(s -> s.units() == 0);
  }

  @Test
  void descriptorsThatWereDamagedAreRefused() throws IOException {
    Shard shard = MdsSets.discover(MdsSets.path("mds-all-zstd")).shards().get(0);
    byte[] good = shard.descriptor().toByteArray();
    assertThat(ShardDescriptor.of(shard.descriptor(), "s").toBytes()).isEqualTo(shard.descriptor());
    for (int length = 0; length < good.length; length++) {
      Bytes cut = Bytes.copyOf(good, 0, length);
      assertThatThrownBy(() -> ShardDescriptor.of(cut, "s"))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("Cannot read the descriptor of shard s at byte ");
    }
    Random random = new Random(3);
    DirectShardInput input =
        new DirectShardInput(
            new TestingObjectStore(MdsSets.path("mds-all-zstd")),
            MdsSets.discover(MdsSets.path("mds-all-zstd")).root());
    for (int i = 0; i < 500; i++) {
      byte[] bad = good.clone();
      bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      Shard damaged = new Shard(0, "s", shard.cut(), shard.objects(), Bytes.wrap(bad));
      try {
        MdsSets.FORMAT.open(damaged, 0, input, Schema.of()).close();
      } catch (IOException e) {
        assertThat(e).hasMessageMatching("(Cannot|Corrupt) .*");
      }
    }
    byte[] longer = java.util.Arrays.copyOf(good, good.length + 1);
    assertThatThrownBy(() -> ShardDescriptor.of(Bytes.wrap(longer), "s"))
        .hasMessage(
            "Cannot read the descriptor of shard s at byte %d: 1 bytes follow it"
                .formatted(good.length));
    byte[] newer = good.clone();
    newer[0] = 2;
    assertThatThrownBy(() -> ShardDescriptor.of(Bytes.wrap(newer), "s"))
        .hasMessage("Cannot read the descriptor of shard s at byte 1: version 2 is not 1");
  }

  @Test
  void aFieldThatTheShardLacksIsAnError() throws IOException {
    DatasetManifest manifest = MdsSets.discover(large);
    DirectShardInput input = new DirectShardInput(new TestingObjectStore(large), manifest.root());
    Schema other = MdsSets.discover(MdsSets.path("mds-fixed")).schema().project(List.of("x"));
    assertThatThrownBy(() -> MdsSets.FORMAT.open(manifest.shards().get(0), 0, input, other))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot open shard shard.00000.mds: no column \"x\"");
  }
}
