// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.format.PackedShards;
import io.millrace.format.Shard;
import io.millrace.format.ShardObject;
import io.millrace.sample.Bytes;
import io.millrace.storage.ObjectVersion;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class TorchShardsTest {

  private static ObjectVersion version(long length) {
    return new ObjectVersion(length, 1_700_000_000_000L + length, "");
  }

  private static List<String> paths(Shard shard) {
    return shard.objects().stream().map(ShardObject::path).toList();
  }

  @Test
  void aShardEndsWithTheFileThatFillsIt() {
    TorchShards groups = new TorchShards();
    groups.add("a.pt", version((4 << 20) - 1));
    groups.add("b.pt", version(1));
    groups.add("c.pt", version(9 << 20));
    groups.add("d.pt", version(0));
    groups.add("e.pt", version(5));

    List<Shard> shards = groups.build();

    assertThat(shards).extracting(Shard::name).containsExactly("a.pt", "c.pt", "d.pt");
    assertThat(shards)
        .extracting(TorchShardsTest::paths)
        .containsExactly(List.of("a.pt", "b.pt"), List.of("c.pt"), List.of("d.pt", "e.pt"));
    assertThat(shards).extracting(Shard::samples).containsExactly(2L, 1L, 2L);
    assertThat(shards).extracting(Shard::units).containsOnly(1);
    assertThat(shards).extracting(Shard::unitBytes).containsExactly(4L << 20, 9L << 20, 5L);
    assertThat(shards).extracting(Shard::index).containsExactly(0, 1, 2);
  }

  @Test
  void aShardHasAtMost512Files() {
    TorchShards groups = new TorchShards();
    for (int i = 0; i < 1025; i++) {
      groups.add("%04d.pt".formatted(i), version(100));
    }

    List<Shard> shards = groups.build();

    assertThat(shards).extracting(Shard::samples).containsExactly(512L, 512L, 1L);
    assertThat(shards).extracting(Shard::name).containsExactly("0000.pt", "0512.pt", "1024.pt");
  }

  @Test
  void compressedFilesAreTakenToInflateFourfold() {
    TorchShards groups = new TorchShards();
    groups.add("a.pt.zst", version(100));
    groups.add("b.pt", version(1000));

    assertThat(groups.build())
        .singleElement()
        .satisfies(
            shard -> {
              assertThat(shard.unitBytes()).isEqualTo(1500);
              assertThat(shard.name()).as("as when it was not compressed").isEqualTo("a.pt");
            });
  }

  @Test
  void whatCompressedFilesInflateToIsCorrectedWhenSomeWereLookedAt() {
    TorchShards groups = new TorchShards();
    groups.add("a.pt.zst", version(101));
    groups.add("b.pt", version(1000));
    groups.add("c.pt.zst", version(99));

    Shard described = TorchShards.describe(groups.build(), Bytes.EMPTY, 1.505).get(0);

    assertThat(described.unitBytes()).isEqualTo(1200 + 301);
    assertThat(TorchShards.slice(described, 0, 1).unitBytes()).isEqualTo(101 + 153);
    assertThat(TorchShards.slice(described, 1, 1).unitBytes()).isEqualTo(1000);
  }

  @Test
  void descriptorsAreAddedWhenTheyAreKnown() {
    TorchShards groups = new TorchShards();
    groups.add("a.pt", version(1));
    Bytes descriptor = new FieldNames(List.of("x")).toBytes();

    PackedShards described =
        TorchShards.describe(groups.build(), descriptor, TorchShards.INFLATION);

    assertThat(described.get(0).descriptor()).isEqualTo(descriptor);
    assertThat(paths(described.get(0))).containsExactly("a.pt");
  }

  @Test
  void aMillionFilesTakeLessThan64BytesEach() {
    TorchShards groups = new TorchShards();
    int files = 1_000_000;
    for (int i = 0; i < files; i++) {
      // Names and times as a dataset's are: numbered, written one after the other.
      String path = "train/part-" + i / 10_000 + "/latent_" + (10_000_000 + i) + ".pt";
      groups.add(path, new ObjectVersion(100_000 + i % 977, 1_700_000_000_000L + 37L * i, ""));
    }

    PackedShards shards = groups.build();

    assertThat(shards.stream().mapToLong(Shard::samples).sum()).isEqualTo(files);
    assertThat(shards.packedBytes()).isLessThan(24L * files);
  }

  @Test
  void someSamplesOfAShardAreAShard() {
    TorchShards groups = new TorchShards();
    for (int i = 0; i < 10; i++) {
      groups.add("d/" + i + ".pt", version(i));
    }
    Bytes descriptor = new FieldNames(List.of("x")).toBytes();
    Shard whole = TorchShards.describe(groups.build(), descriptor, TorchShards.INFLATION).get(0);

    Shard part = TorchShards.slice(whole, 3, 5);

    assertThat(paths(part)).containsExactly("d/3.pt", "d/4.pt", "d/5.pt", "d/6.pt", "d/7.pt");
    assertThat(part.name()).isEqualTo("d/0.pt");
    assertThat(part.cut().first()).isEqualTo(3);
    assertThat(part.samples()).isEqualTo(5);
    assertThat(part.units()).isEqualTo(1);
    assertThat(part.unitBytes()).isEqualTo(25);
    assertThat(part.descriptor()).isEqualTo(descriptor);
    assertThat(TorchShards.slice(part, 1, 2).cut().first()).isEqualTo(4);
    assertThat(paths(TorchShards.slice(part, 1, 2))).containsExactly("d/4.pt", "d/5.pt");
    assertThatThrownBy(() -> TorchShards.slice(part, 4, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
