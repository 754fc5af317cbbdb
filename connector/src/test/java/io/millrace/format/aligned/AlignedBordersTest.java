// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.format.DatasetManifest;
import io.millrace.format.DirectShardInput;
import io.millrace.format.SampleAssembler;
import io.millrace.format.Shard;
import io.millrace.format.ShardReader;
import io.millrace.sample.Sample;
import io.millrace.sample.SampleMetadata;
import io.millrace.storage.TestingObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every sample is joined with its counterparts once, wherever shards end. */
@Tag("unit")
class AlignedBordersTest {

  private static final DirectShardInput NO_INPUT =
      new DirectShardInput(new TestingObjectStore(Path.of("/nowhere")));
  private static final SampleMetadata METADATA = new SampleMetadata(0, "", 0, 0, sample -> 0);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void joinsEachSampleOnceWhateverTheBorders(int seed) throws IOException {
    Random random = new Random(seed);
    for (int round = 0; round < 60; round++) {
      RandomParts parts = RandomParts.of(random);
      DatasetManifest joined = AlignedDataset.join(parts.parts).manifest();
      assertThat(joined.samples()).isEqualTo(parts.samples);
      assertThat(joined.schema().size()).isEqualTo(parts.formats.size());
      assertThat(read(joined, parts))
          .containsExactlyElementsOf(
              IntStream.range(0, parts.samples)
                  .mapToObj(i -> Collections.nCopies(parts.formats.size(), (long) i))
                  .toList());
      assertThat(parts.formats).allSatisfy(format -> assertThat(format.openReaders()).isZero());
    }
  }

  /** The values of all samples in order. */
  private static List<List<Long>> read(DatasetManifest joined, RandomParts parts)
      throws IOException {
    List<List<Long>> values = new ArrayList<>();
    AlignedOpener opener = parts.opener();
    int index = 0;
    for (Shard shard : joined.shards()) {
      assertThat(shard.index()).isEqualTo(index++);
      assertThat(shard.units()).isEqualTo(1);
      try (ShardReader reader = opener.open(shard, 0, NO_INPUT, joined.schema())) {
        assertThat(reader.samples()).isEqualTo(shard.samples());
        SampleAssembler assembler = new SampleAssembler(joined.schema());
        // In any order.
        Long[][] ofShard = new Long[reader.samples()][];
        for (int i = reader.samples() - 1; i >= 0; i--) {
          reader.read(i, assembler);
          Sample sample = assembler.build(METADATA);
          ofShard[i] =
              IntStream.range(0, joined.schema().size())
                  .mapToObj(sample::getLong)
                  .toArray(Long[]::new);
        }
        for (Long[] sample : ofShard) {
          values.add(List.of(sample));
        }
      }
    }
    return values;
  }

  @Test
  void aLookUpFindsWhatAWalkDoes() throws IOException {
    Random random = new Random(17);
    for (int round = 0; round < 50; round++) {
      DatasetManifest joined = AlignedDataset.join(RandomParts.of(random).parts).manifest();
      List<Shard> walked = new ArrayList<>();
      joined.shards().iterator().forEachRemaining(walked::add);
      assertThat(walked).hasSize(joined.shards().size());
      for (int i = walked.size() - 1; i >= 0; i--) {
        assertThat(joined.shards().get(i)).isEqualTo(walked.get(i));
      }
      assertThat(joined.units()).isEqualTo(walked.size());
    }
  }

  @Test
  void aShardIsNamedAfterTheLeadingPartAndHasTheBytesOfAll() throws IOException {
    for (int seed = 0; seed < 50; seed++) {
      RandomParts parts = RandomParts.of(new Random(seed));
      DatasetManifest joined = AlignedDataset.join(parts.parts).manifest();
      long opened = 0;
      for (Shard shard : joined.shards()) {
        int leading = shard.objects().get(0).root();
        assertThat(parts.parts.get(leading).manifest().shards())
            .anySatisfy(
                own -> {
                  assertThat(own.name()).isEqualTo(shard.name());
                  assertThat(own.samples())
                      .isGreaterThanOrEqualTo(shard.cut().first() + shard.samples());
                });
        long units =
            AlignedDescriptor.slicesOf(shard, parts.parts.size()).stream()
                .mapToLong(slice -> slice.units() * slice.shard().unitBytes())
                .sum();
        assertThat(shard.unitBytes()).isEqualTo(units);
        assertThat(parts.opener().unitBytes(shard, joined.schema())).isEqualTo(units);
        opened += units;
      }
      assertThat(joined.storedBytes())
          .isEqualTo(parts.parts.stream().mapToLong(part -> part.manifest().storedBytes()).sum());
      assertThat(opened).isGreaterThanOrEqualTo(parts.samples * parts.bytesPerSample);
    }
  }

  /**
   * Two to four parts of the same number of samples, cut at random.
   *
   * @param bytesPerSample of all parts together
   */
  private record RandomParts(
      int samples, long bytesPerSample, List<NumbersFormat> formats, List<AlignedPart> parts) {

    private static RandomParts of(Random random) {
      int samples = random.nextInt(8) == 0 ? random.nextInt(3) : random.nextInt(300);
      long bytesPerSample = 0;
      List<NumbersFormat> formats = new ArrayList<>();
      List<AlignedPart> parts = new ArrayList<>();
      int count = 2 + random.nextInt(3);
      for (int i = 0; i < count; i++) {
        int bytes = 1 + random.nextInt(1 << random.nextInt(20));
        bytesPerSample += bytes;
        NumbersFormat format =
            new NumbersFormat("file:/part" + i, "field" + i, random.nextBoolean(), bytes);
        formats.add(format);
        parts.add(format.part(1 + random.nextInt(30), cuts(random, samples)));
      }
      return new RandomParts(samples, bytesPerSample, formats, parts);
    }

    private static int[] cuts(Random random, int samples) {
      List<Integer> cuts = new ArrayList<>();
      int most = 1 + random.nextInt(100);
      for (int left = samples; left > 0; ) {
        int next = random.nextInt(10) == 0 ? 0 : Math.min(left, 1 + random.nextInt(most));
        cuts.add(next);
        left -= next;
      }
      return cuts.stream().mapToInt(Integer::intValue).toArray();
    }

    private AlignedOpener opener() {
      return new AlignedOpener(
          formats.stream()
              .map(format -> new RenamedOpener(format, format.schema(), FieldNames.KEPT))
              .toList());
    }
  }
}
