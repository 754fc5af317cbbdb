// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.format.PackedOutput;
import io.millrace.format.Shard;
import io.millrace.format.ShardBytes;
import io.millrace.format.ShardCut;
import io.millrace.format.ShardObject;
import io.millrace.sample.Bytes;
import io.millrace.storage.ObjectVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class AlignedDescriptorTest {

  private static final Slice LATENTS = new Slice(0, group("latents_%06d.pt", 30, 40), 0, 40);
  private static final Slice ONE = new Slice(1, sharded(7, 100, 16), 90, 10);
  private static final Slice NEXT = new Slice(1, sharded(8, 50, 16), 0, 30);
  private static final Run RUN = new Run("latents_000000.pt", 30, 40, List.of(LATENTS, ONE, NEXT));

  private static Shard group(String name, int first, int count) {
    Random random = new Random(first);
    List<ShardObject> objects = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      objects.add(
          new ShardObject(
              String.format(Locale.ROOT, name, i),
              new ObjectVersion(
                  1_000 + random.nextInt(300), 1_700_000_000_000L + random.nextInt(1 << 28), ""),
              Optional.empty()));
    }
    return new Shard(
        first / count,
        String.format(Locale.ROOT, name, 0),
        new ShardCut(first, count, count, 1_500L * count),
        objects,
        descriptor("{latents: float32, fps: int64}"));
  }

  private static Shard sharded(int index, int samples, int perUnit) {
    String name = "shard." + index + ".mds";
    return new Shard(
        index,
        name,
        new ShardCut(0, samples, perUnit, 4 << 20),
        List.of(new ShardObject(name, new ObjectVersion(samples * 100L, 1, ""), Optional.empty())),
        descriptor("columns"));
  }

  private static Bytes descriptor(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Slice under(Slice slice) {
    Shard own = slice.shard();
    List<ShardObject> objects =
        own.objects().stream().map(object -> object.under(slice.part())).toList();
    return new Slice(
        slice.part(),
        new Shard(own.index(), own.name(), own.cut(), objects, own.descriptor()),
        slice.first(),
        slice.count());
  }

  private static Shard with(Shard shard, Bytes descriptor) {
    return new Shard(shard.index(), shard.name(), shard.cut(), shard.objects(), descriptor);
  }

  @Test
  void givesTheSlicesBack() throws IOException {
    Shard shard = AlignedDescriptor.shardOf(3, RUN);

    assertThat(shard.index()).isEqualTo(3);
    assertThat(shard.name()).isEqualTo("latents_000000.pt");
    // Of the second part two units are opened, and then two more.
    assertThat(shard.cut()).isEqualTo(new ShardCut(30, 40, 40, 60_000 + (4L << 20) * 4));
    assertThat(shard.objects()).hasSize(42);
    assertThat(AlignedDescriptor.slicesOf(shard, 2))
        .containsExactly(under(LATENTS), under(ONE), under(NEXT));
    assertThat(AlignedDescriptor.slicesOf(ShardBytes.read(ShardBytes.write(shard)), 2))
        .containsExactly(under(LATENTS), under(ONE), under(NEXT));
  }

  @Test
  void refusesBytesThatAreCutOrContinued() {
    Shard shard = AlignedDescriptor.shardOf(3, RUN);
    byte[] good = shard.descriptor().toByteArray();
    for (int length = 0; length < good.length; length++) {
      Shard cut = with(shard, Bytes.copyOf(good, 0, length));
      assertThatThrownBy(() -> AlignedDescriptor.slicesOf(cut, 2))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(
              "Cannot read the descriptor of aligned shard latents_000000.pt: ");
    }
    Shard longer = with(shard, Bytes.wrap(Arrays.copyOf(good, good.length + 1)));
    assertThatThrownBy(() -> AlignedDescriptor.slicesOf(longer, 2))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot read the descriptor of aligned shard latents_000000.pt: it does not end where"
                + " it should");
  }

  @Test
  void damagedBytesAreRefusedOrGiveAllSamplesOfAllParts() {
    Shard shard = AlignedDescriptor.shardOf(3, RUN);
    byte[] good = shard.descriptor().toByteArray();
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      byte[] bad = good.clone();
      for (int j = 0; j <= random.nextInt(3); j++) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      try {
        List<Slice> slices = AlignedDescriptor.slicesOf(with(shard, Bytes.wrap(bad)), 2);
        assertThat(slices.stream().mapToLong(Slice::count).sum()).isEqualTo(80);
        assertThat(slices).allMatch(slice -> slice.part() < 2);
      } catch (IOException e) {
        assertThat(e).hasMessageStartingWith("Cannot read the descriptor of aligned shard ");
      }
    }
  }

  @Test
  void refusesWhatDoesNotFitTheShard() {
    Shard shard = AlignedDescriptor.shardOf(3, RUN);
    assertThatThrownBy(() -> AlignedDescriptor.slicesOf(shard, 1))
        .hasMessageEndingWith("there is no part 1");
    assertThatThrownBy(() -> AlignedDescriptor.slicesOf(shard, 3))
        .hasMessageEndingWith("part 2 has 0 samples of 40");
    Shard fewer =
        new Shard(3, shard.name(), shard.cut(), shard.objects().subList(0, 41), shard.descriptor());
    assertThatThrownBy(() -> AlignedDescriptor.slicesOf(fewer, 2))
        .hasMessageEndingWith("it has more slices than objects");
    List<ShardObject> elsewhere = new ArrayList<>(shard.objects());
    elsewhere.set(41, elsewhere.get(41).under(0));
    Shard moved = new Shard(3, shard.name(), shard.cut(), elsewhere, shard.descriptor());
    assertThatThrownBy(() -> AlignedDescriptor.slicesOf(moved, 2))
        .hasMessageEndingWith("an object of part 1 lies under another root");
    PackedOutput other = new PackedOutput();
    other.writeUnsigned(9);
    assertThatThrownBy(
            () -> AlignedDescriptor.slicesOf(with(shard, Bytes.wrap(other.toByteArray())), 2))
        .hasMessageEndingWith("version 9 is not 1");
  }

  /** docs/architecture.md gives the figures. */
  @Test
  void aSplitTakesFewBytes() {
    Shard files =
        AlignedDescriptor.shardOf(
            0,
            new Run(
                "latents_000000.pt",
                0,
                512,
                List.of(
                    new Slice(0, group("latents_%06d.pt", 0, 512), 0, 512),
                    new Slice(1, group("conditions_%06d.pt", 0, 512), 0, 512))));
    assertThat(ShardBytes.write(files).length).isBetween(3_000, 3_700);

    Shard single = AlignedDescriptor.shardOf(0, new Run("shard.7.mds", 90, 10, List.of(ONE)));
    assertThat(ShardBytes.write(single).length - ShardBytes.write(ONE.shard()).length)
        .isLessThan(30);
  }
}
