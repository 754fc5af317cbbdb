// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.sample.Bytes;
import io.millrace.storage.ObjectVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class PackedShardsTest {

  @Test
  void holdsTheShardsThatItWasMadeOf() {
    List<Shard> shards = randomShards(new Random(1), 200);

    PackedShards packed = PackedShards.copyOf(shards);

    assertThat(packed).containsExactlyElementsOf(shards);
    assertThat(packed.stream()).containsExactlyElementsOf(shards);
    for (int i = shards.size() - 1; i >= 0; i--) {
      assertThat(packed.get(i)).isEqualTo(shards.get(i));
    }
    assertThat(PackedShards.copyOf(packed)).isSameAs(packed);
  }

  @Test
  void shardsTravelAloneToo() {
    for (Shard shard : randomShards(new Random(2), 50)) {
      assertThat(ShardBytes.read(ShardBytes.write(shard))).isEqualTo(shard);
    }
  }

  @Test
  void cutBytesAreRefused() {
    Shard shard = randomShards(new Random(3), 8).get(7);
    byte[] good = ShardBytes.write(shard);
    for (int length = 0; length < good.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(good, length);
      assertThatThrownBy(() -> ShardBytes.read(cut)).isInstanceOf(IllegalArgumentException.class);
    }
    byte[] longer = java.util.Arrays.copyOf(good, good.length + 2);
    assertThatThrownBy(() -> ShardBytes.read(longer))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot read a shard: 2 bytes follow its end");
  }

  /** A group of files is deflated. */
  @Test
  void cutBytesOfAGroupAreRefused() {
    byte[] good = ShardBytes.write(group(3, 64, 100_000));
    for (int length = 0; length < good.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(good, length);
      assertThatThrownBy(() -> ShardBytes.read(cut)).isInstanceOf(IllegalArgumentException.class);
    }
    byte[] longer = java.util.Arrays.copyOf(good, good.length + 2);
    assertThatThrownBy(() -> ShardBytes.read(longer))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot read a shard: it does not inflate to ");
    byte[] bomb = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7, 3, 0};
    assertThatThrownBy(() -> ShardBytes.read(bomb))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot read a shard: 2 bytes do not inflate to 2147483647");
  }

  @Test
  void damagedBytesAreRefusedOrGiveAShard() {
    Random random = new Random(4);
    damage(random, ShardBytes.write(randomShards(random, 8).get(7)));
    damage(random, ShardBytes.write(group(3, 64, 100_000)));
  }

  private static void damage(Random random, byte[] good) {
    for (int i = 0; i < 5_000; i++) {
      byte[] bad = good.clone();
      bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      try {
        assertThat(ShardBytes.read(bad)).isNotNull();
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageStartingWith("Cannot ");
      }
    }
  }

  @Test
  void refusesAShardAtAnotherPlace() {
    PackedShards.Builder builder = new PackedShards.Builder();
    Shard shard = group(1, 1, 100_000);

    assertThatThrownBy(() -> builder.add(shard))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot make a list of shards: shard 1 stands at place 0");
  }

  @Test
  void anEmptyListIsOne() {
    assertThat(PackedShards.copyOf(List.of())).isEmpty();
    assertThat(PackedShards.copyOf(List.of()).stream()).isEmpty();
  }

  /** docs/formats/torch.md promises 64 bytes a file. */
  @Test
  void aMillionFilesTakeFewBytesEach() {
    PackedShards.Builder builder = new PackedShards.Builder();
    int perShard = 50;
    for (int i = 0; i < 1_000_000 / perShard; i++) {
      builder.add(group(i, perShard, 100_000));
    }

    assertThat(builder.build().packedBytes()).isLessThan(24L * 1_000_000);
  }

  @Test
  void singleObjectShardsTakeFewBytesToo() {
    PackedShards.Builder builder = new PackedShards.Builder();
    for (int i = 0; i < 100_000; i++) {
      builder.add(group(i, 1, 50_000_000));
    }

    assertThat(builder.build().packedBytes()).isLessThan(48L * 100_000);
  }

  private static Shard group(int index, int files, long bytes) {
    Random random = new Random(index);
    List<ShardObject> objects = new ArrayList<>();
    for (int i = 0; i < files; i++) {
      int number = index * files + i;
      objects.add(
          new ShardObject(
              String.format(Locale.ROOT, "part-%04d/latent_%08d.pt", number / 1000, number),
              new ObjectVersion(
                  bytes + random.nextInt(1000), 1_700_000_000_000L + random.nextInt(1 << 30), ""),
              Optional.empty()));
    }
    return new Shard(
        index,
        objects.get(0).path(),
        ShardCut.whole(files, files * bytes),
        objects,
        Bytes.wrap("fields".getBytes(StandardCharsets.UTF_8)));
  }

  private static List<Shard> randomShards(Random random, int count) {
    List<Shard> shards = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<ShardObject> objects = new ArrayList<>();
      for (int j = 0; j <= random.nextInt(4); j++) {
        objects.add(randomObject(random));
      }
      shards.add(
          new Shard(
              i,
              "shard é " + random.nextInt(20),
              new ShardCut(
                  random.nextInt(3),
                  random.nextLong(1L << 40),
                  1 + random.nextLong(1L << 30),
                  random.nextLong(1L << 50)),
              objects,
              Bytes.wrap(new byte[] {(byte) random.nextInt(3)})));
    }
    return shards;
  }

  private static ShardObject randomObject(Random random) {
    return new ShardObject(
        random.nextInt(3),
        random.nextInt(5) + "/" + random.nextInt(1000) + ".pt",
        new ObjectVersion(
            random.nextLong(1L << 40),
            random.nextLong(),
            random.nextBoolean() ? "" : "\"tag-" + random.nextInt(3)),
        switch (random.nextInt(3)) {
          case 0 -> Optional.empty();
          case 1 -> Optional.of(new ContentHash("sha1", "00ff17" + random.nextInt(10) + "a"));
          default -> Optional.of(new ContentHash("odd", "Not Hex" + random.nextInt(10)));
        });
  }
}
