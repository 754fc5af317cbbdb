// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.format.DatasetManifest;
import io.millrace.format.PackedShards;
import io.millrace.format.Shard;
import io.millrace.format.fuzz.FuzzStore;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStatus;
import io.millrace.storage.ObjectStore;
import io.millrace.storage.ObjectVersion;
import io.millrace.storage.RangeReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the enumerator holds of shards that are compressed, each with lengths and hashes of its own.
 */
@Tag("unit")
class CompressedIndexMemoryTest {

  private static final int SHARDS = 4_000;
  private static final int COLUMNS = 12;
  private static final ObjectLocation INDEX = FuzzStore.ROOT.resolve("index.json");

  private final Random random = new Random(7);
  private final List<ObjectStatus> children = new ArrayList<>();

  /** Lists shards that it does not have, and reads an index of them. */
  private record Listed(List<ObjectStatus> children, FuzzStore index) implements ObjectStore {

    @Override
    public List<ObjectStatus> list(ObjectLocation directory) {
      return children;
    }

    @Override
    public ObjectStatus status(ObjectLocation object) throws IOException {
      return index.status(object);
    }

    @Override
    public RangeReader open(ObjectLocation object) throws IOException {
      return index.open(object);
    }
  }

  private List<Shard> discover(String algorithm, int digestBytes) throws IOException {
    String index =
        IntStream.range(0, SHARDS)
            .mapToObj(number -> entry(number, algorithm, digestBytes))
            .collect(Collectors.joining(",", "{\"version\":2,\"shards\":[", "]}"));
    byte[] bytes = index.getBytes(StandardCharsets.UTF_8);
    children.add(new ObjectStatus(INDEX, new ObjectVersion(bytes.length, 0, ""), false));
    DatasetManifest manifest =
        new MdsFormat()
            .discover(
                new Listed(children, new FuzzStore(Map.of("index.json", bytes))), FuzzStore.ROOT);
    return manifest.shards();
  }

  private String entry(int number, String algorithm, int digestBytes) {
    String name = String.format(Locale.ROOT, "shard.%05d.mds", number);
    // Around 2 MiB the length's form grows by a byte.
    long raw = (2L << 20) + random.nextInt(200_000) - 100_000;
    long stored = 1_000_000L + random.nextInt(500_000);
    long modified = 1_700_000_000_000L + 2_000L * number + random.nextInt(1_000);
    children.add(
        new ObjectStatus(
            FuzzStore.ROOT.resolve(name + ".zstd"),
            new ObjectVersion(stored, modified, ""),
            false));
    return String.format(
        Locale.ROOT,
        "{\"version\":2,\"format\":\"mds\",\"samples\":%d,\"size_limit\":null,"
            + "\"compression\":\"zstd\",\"hashes\":[%s],\"column_names\":[%s],"
            + "\"column_encodings\":[%s],\"column_sizes\":[%s],"
            + "\"raw_data\":{\"basename\":\"%s\",\"bytes\":%d,\"hashes\":{%s}},"
            + "\"zip_data\":{\"basename\":\"%s.zstd\",\"bytes\":%d,\"hashes\":{%s}}}",
        1000 + random.nextInt(100),
        algorithm.isEmpty() ? "" : "\"" + algorithm + "\"",
        columns("\"column_%02d\""),
        columns("\"bytes\""),
        columns("null"),
        name,
        raw,
        hash(algorithm, digestBytes),
        name,
        stored,
        hash(algorithm, digestBytes));
  }

  private static String columns(String each) {
    return IntStream.range(0, COLUMNS)
        .mapToObj(column -> String.format(Locale.ROOT, each, column))
        .collect(Collectors.joining(","));
  }

  private String hash(String algorithm, int digestBytes) {
    byte[] digest = new byte[digestBytes];
    random.nextBytes(digest);
    return algorithm.isEmpty()
        ? ""
        : "\"" + algorithm + "\":\"" + HexFormat.of().formatHex(digest) + "\"";
  }

  /** docs/architecture.md gives the figures; two SHA-1 of each are 40 bytes of noise. */
  @ParameterizedTest(name = "hashes: {0}")
  @CsvSource({"'', 0, 40", "xxh64, 8, 62", "sha1, 20, 86"})
  void aCompressedShardTakesFewBytes(String algorithm, int digestBytes, long most)
      throws IOException {
    List<Shard> shards = discover(algorithm, digestBytes);

    assertThat(((PackedShards) shards).packedBytes() / SHARDS).isLessThan(most);
  }

  @Test
  void eachHasItsOwnLengthAndHash() throws IOException {
    List<Shard> shards = discover("xxh64", 8);

    Shard first = shards.get(0);
    assertThat(first.descriptor()).isNotEqualTo(shards.get(1).descriptor());
    for (int i : new int[] {0, 1, 17, SHARDS - 1}) {
      ShardDescriptor descriptor = ShardDescriptor.of(shards.get(i).descriptor(), "s");
      assertThat(descriptor.data().bytes()).isBetween(1_900_000L, 2_300_000L);
      assertThat(descriptor.data().hash()).isNotNull();
      assertThat(descriptor.columns()).hasSize(COLUMNS);
    }
  }
}
