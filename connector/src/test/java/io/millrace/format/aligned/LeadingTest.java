// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.format.Shard;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which part's units are those of the whole. */
@Tag("unit")
class LeadingTest {

  private static final int MB = 1 << 20;

  private static AlignedPart groups(String name, int bytesPerSample, int perShard, int samples) {
    return new NumbersFormat("file:/" + name, name, true, bytesPerSample)
        .part(perShard, even(perShard, samples));
  }

  private static AlignedPart singles(
      String name, int bytesPerSample, int perUnit, int perShard, int samples) {
    return new NumbersFormat("file:/" + name, name, false, bytesPerSample)
        .part(perUnit, even(perShard, samples));
  }

  private static int[] even(int perShard, int samples) {
    int[] shards = new int[(samples + perShard - 1) / perShard];
    Arrays.fill(shards, perShard);
    shards[shards.length - 1] = samples - (shards.length - 1) * perShard;
    return shards;
  }

  private static int leading(AlignedPart... parts) throws IOException {
    Shard first = AlignedDataset.join(List.of(parts)).manifest().shards().get(0);
    return first.objects().get(0).root();
  }

  @Test
  void ofPartsThatCanBeCutTheOneWhoseGroupsHoldTheFewestSamples() throws IOException {
    assertThat(leading(groups("a", 2_000, 500, 2_000), groups("b", 100_000, 40, 2_000))).isOne();
    assertThat(leading(groups("a", 100_000, 40, 2_000), groups("b", 2_000, 500, 2_000))).isZero();
    assertThat(leading(groups("a", 100, 500, 2_000), groups("b", 100, 500, 2_000))).isZero();
  }

  @Test
  void onePartThatCannotBeCutBeforeThoseThatCan() throws IOException {
    assertThat(leading(groups("a", 100_000, 40, 2_000), singles("b", 50_000, 99, 99, 2_000)))
        .isOne();
    assertThat(leading(groups("a", 100_000, 40, 2_000), singles("b", 50_000, 33, 500, 2_000)))
        .isOne();
  }

  /** All labels would make one unit, for one reader, to save a few kilobytes. */
  @Test
  void notAPartThatIsAsGoodAsNothing() throws IOException {
    AlignedPart labels = singles("labels", 10, 300, 300, 300);
    AlignedPart images = singles("images", 100_000, 40, 300, 300);

    assertThat(leading(labels, images)).isOne();
    assertThat(AlignedDataset.join(List.of(labels, images)).manifest().shards()).hasSize(8);
  }

  @Test
  void ofPartsThatCannotBeCutTheOneWithTheMostSamplesInAUnit() throws IOException {
    AlignedPart images = singles("images", 100_000, 40, 640, 64_000);
    AlignedPart captions = singles("captions", 20_000, 200, 3_200, 64_000);

    assertThat(leading(images, captions)).isOne();
    AlignedDataset joined = AlignedDataset.join(List.of(images, captions));
    assertThat(joined.manifest().shards()).hasSize(320);
    assertThat(joined.readsPerEpoch()).containsExactly(1.0, 1.0);
  }

  /** 4,000 labels make a unit of 4 MB, but their images one of 400 MB. */
  @Test
  void notAPartWithWhichUnitsGrowOutOfProportion() throws IOException {
    AlignedPart labels = singles("labels", 1_000, 4_000, 64_000, 64_000);
    AlignedPart images = singles("images", 100_000, 41, 656, 64_000);

    assertThat(leading(labels, images)).isOne();
    AlignedDataset joined = AlignedDataset.join(List.of(labels, images));
    assertThat(joined.manifest().shards().stream().mapToLong(Shard::unitBytes).max().orElse(0))
        .isLessThan(13L * MB);
    assertThat(joined.readsPerEpoch().get(0)).isCloseTo(4_000.0 / 41, within(4.0));
    assertThat(joined.readsPerEpoch().get(1)).isEqualTo(1.0);
    assertThat(leading(labels, groups("images", 100_000, 41, 64_000))).isOne();
  }

  @Test
  void unitsMayGrowWherePartsThemselvesHaveLargeOnes() throws IOException {
    // Compressed shards of 64 MB, inflated to twice that.
    AlignedPart few = singles("few", 200_000, 640, 640, 6_400);
    AlignedPart many = singles("many", 100_000, 1_280, 1_280, 6_400);

    assertThat(leading(few, many)).isOne();
  }

  @Test
  void readsOfAPartThatCanBeCutAreOne() throws IOException {
    AlignedPart cut = groups("cut", 7_777, 300, 6_400);
    AlignedPart whole = singles("whole", 1_000, 77, 500, 6_400);

    assertThat(AlignedDataset.join(List.of(cut, whole)).readsPerEpoch()).containsExactly(1.0, 1.0);
  }
}
