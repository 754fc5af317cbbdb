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
import java.time.Duration;
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
 * process of the environment sees. A split of the suite is a shard, which is one unit, and data
 * that is added to a split is a further shard, at the end of the dataset. Samples are compared with
 * all their metadata.
 *
 * <p>Bounded is one epoch of what is there; unbounded is continuous discovery.
 */
final class MdsSuiteContext implements DataStreamSourceExternalContext<Sample> {

  private static final Schema SCHEMA =
      Schema.of(
          new Field("id", Primitive.INT64, false), new Field("text", Primitive.STRING, false));

  private static final int LEAST_SAMPLES = 100;
  private static final int MORE_SAMPLES = 100;
  private static final Duration INTERVAL = Duration.ofMillis(100);

  private final Path directory;
  private final List<URL> connectorJars;

  /** Shards for which samples were made; before them there is an empty one. */
  private int shards;

  /**
   * @param directory of the dataset, made anew
   * @param connectorJars what a job needs beside the classes of its cluster
   */
  MdsSuiteContext(Path directory, List<URL> connectorJars) {
    this.directory = directory;
    this.connectorJars = connectorJars;
    // The suite makes some sources before it writes, and a source reads the schema when it is made.
    write(false, List.of());
  }

  @Override
  public Source<Sample, ?, ?> createSource(TestingSourceSettings settings) {
    MillraceSourceBuilder source =
        MillraceSource.builder()
            .path(directory.toUri().toString())
            .cacheMemorySize(MemorySize.ofMebiBytes(8));
    return settings.getBoundedness() == Boundedness.BOUNDED
        ? source.scanEpochs(1).build()
        : source.scanDiscoveryInterval(INTERVAL).build();
  }

  @Override
  public List<Sample> generateTestData(TestingSourceSettings settings, int splitIndex, long seed) {
    int rank = shards++;
    int shard = shards;
    Random random = new Random(seed);
    int count = LEAST_SAMPLES + random.nextInt(MORE_SAMPLES);
    ShuffleKey keys = new ShuffleKey(0, 0);
    List<Sample> samples = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      SampleMetadata place =
          new SampleMetadata(
              0,
              "shard.%05d.mds".formatted(shard),
              i,
              EpochPosition.of(rank, i),
              keys.of(shard, i));
      String text = Long.toHexString(random.nextLong()).repeat(random.nextInt(4));
      samples.add(Sample.checked(SCHEMA, place, random.nextLong(), text));
    }
    return samples;
  }

  @Override
  public ExternalSystemSplitDataWriter<Sample> createSourceSplitDataWriter(
      TestingSourceSettings settings) {
    return new ExternalSystemSplitDataWriter<>() {
      @Override
      public void writeRecords(List<Sample> records) {
        write(true, records);
      }

      @Override
      public void close() {}
    };
  }

  /** Writes a shard: a new dataset's first one, or after those that are there. */
  private void write(boolean append, List<Sample> samples) {
    try (MdsWriter writer =
        new MdsWriter(directory, Map.of("id", "int", "text", "str")).hashes("xxh64")) {
      if (append) {
        writer.appending();
      }
      for (Sample sample : samples) {
        writer.write(Map.of("id", sample.getLong("id"), "text", sample.getString("text")));
      }
      writer.endShard();
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
