// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import io.millrace.flink.source.MillraceSource;
import io.millrace.flink.source.MillraceSourceBuilder;
import io.millrace.flink.typeinfo.SampleTypeInfo;
import io.millrace.format.mds.MdsWriter;
import io.millrace.plan.EpochPosition;
import io.millrace.plan.ShuffleKey;
import io.millrace.sample.Field;
import io.millrace.sample.FieldType.Primitive;
import io.millrace.sample.Sample;
import io.millrace.sample.SampleMetadata;
import io.millrace.sample.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.connector.testframe.external.ExternalSystemSplitDataWriter;
import org.apache.flink.connector.testframe.external.source.DataStreamSourceExternalContext;
import org.apache.flink.connector.testframe.external.source.TestingSourceSettings;

/**
 * What Flink's suite takes for the external system: an MDS dataset in a directory that every
 * process of the environment sees. A split of the suite is a shard, which is one unit. Samples are
 * compared with all their metadata.
 *
 * <p>Bounded is one epoch. Unbounded is {@code scan.epochs = unbounded}, in which what follows on a
 * shard's samples is the same samples in the next epoch: that is what the second generation of a
 * split's data tells, and writing it changes nothing. Nothing is ever appended.
 */
final class MdsSuiteContext implements DataStreamSourceExternalContext<Sample> {

  private static final Schema SCHEMA =
      Schema.of(
          new Field("id", Primitive.INT64, false), new Field("text", Primitive.STRING, false));

  private static final int LEAST_SAMPLES = 100;
  private static final int MORE_SAMPLES = 100;

  private final Path directory;
  private final List<URL> connectorJars;

  /** By split, what its shard holds, as it is emitted in epoch 0. */
  private final List<List<Sample>> shards = new ArrayList<>();

  /** By split, how often its data was generated. */
  private final List<Integer> epochs = new ArrayList<>();

  /**
   * @param directory of the dataset, made anew
   * @param connectorJars what a job needs beside the classes of its cluster
   */
  MdsSuiteContext(Path directory, List<URL> connectorJars) {
    this.directory = directory;
    this.connectorJars = connectorJars;
    // The suite makes some sources before it writes, and a source reads the schema when it is made.
    writeDataset();
  }

  @Override
  public Source<Sample, ?, ?> createSource(TestingSourceSettings settings) {
    MillraceSourceBuilder source =
        MillraceSource.builder()
            .path(directory.toUri().toString())
            .cacheMemorySize(MemorySize.ofMebiBytes(8));
    return settings.getBoundedness() == Boundedness.BOUNDED
        ? source.scanEpochs(1).build()
        : source.scanEpochsUnbounded().build();
  }

  @Override
  public List<Sample> generateTestData(TestingSourceSettings settings, int splitIndex, long seed) {
    if (splitIndex < shards.size()) {
      int epoch = epochs.get(splitIndex) + 1;
      epochs.set(splitIndex, epoch);
      return shards.get(splitIndex).stream().map(sample -> inEpoch(sample, epoch)).toList();
    }
    if (splitIndex > shards.size()) {
      throw new IllegalArgumentException(
          "Cannot make data of split " + splitIndex + ": there are " + shards.size());
    }
    Random random = new Random(seed);
    int count = LEAST_SAMPLES + random.nextInt(MORE_SAMPLES);
    ShuffleKey keys = new ShuffleKey(0, 0);
    List<Sample> samples = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      SampleMetadata place =
          new SampleMetadata(
              0,
              "shard.%05d.mds".formatted(splitIndex),
              i,
              EpochPosition.of(splitIndex, i),
              keys.of(splitIndex, i));
      String text = Long.toHexString(random.nextLong()).repeat(random.nextInt(4));
      samples.add(Sample.checked(SCHEMA, place, random.nextLong(), text));
    }
    shards.add(samples);
    epochs.add(0);
    return samples;
  }

  private static Sample inEpoch(Sample sample, int epoch) {
    SampleMetadata at = sample.metadata();
    int shard = Math.toIntExact(EpochPosition.rank(at.epochPosition()));
    SampleMetadata place =
        new SampleMetadata(
            epoch,
            at.shard(),
            at.sample(),
            at.epochPosition(),
            new ShuffleKey(0, epoch).of(shard, at.sample()));
    return Sample.of(SCHEMA, place, sample.getLong("id"), sample.getString("text"));
  }

  @Override
  public ExternalSystemSplitDataWriter<Sample> createSourceSplitDataWriter(
      TestingSourceSettings settings) {
    return new ExternalSystemSplitDataWriter<>() {
      @Override
      public void writeRecords(List<Sample> records) {
        if (records.get(0).metadata().epoch() == 0) {
          writeDataset();
        }
      }

      @Override
      public void close() {}
    };
  }

  private void writeDataset() {
    try (MdsWriter writer =
        new MdsWriter(directory, Map.of("id", "int", "text", "str")).hashes("xxh64")) {
      if (shards.isEmpty()) {
        writer.endShard(); // an index without any shard would tell no schema
      }
      for (List<Sample> samples : shards) {
        for (Sample sample : samples) {
          writer.write(Map.of("id", sample.getLong("id"), "text", sample.getString("text")));
        }
        writer.endShard();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public TypeInformation<Sample> getProducedType() {
    return new SampleTypeInfo(SCHEMA);
  }

  @Override
  public List<URL> getConnectorJarPaths() {
    return connectorJars;
  }

  @Override
  public void close() {}

  @Override
  public String toString() {
    return "MDS";
  }
}
