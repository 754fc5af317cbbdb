// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.source.MillraceSource;
import io.millrace.format.mds.TestJson;
import io.millrace.sample.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that torch wrote, raw and compressed, through a job; compared with what torch reads. */
@Tag("it")
class TorchSourceITCase {

  private static final Path DATA = Path.of("../connector/src/test/resources/torch");
  private static final int COPIES = 12;
  private static final int EPOCHS = 2;

  @RegisterExtension
  static final MiniClusterExtension FLINK =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .build());

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void readsWhatTorchReads(int parallelism, @TempDir Path directory) throws Exception {
    for (int i = 0; i < COPIES; i++) {
      copy(DATA.resolve("latents-conditions/latents"), directory.resolve("copy-%02d".formatted(i)));
    }
    MillraceSource<Sample> source =
        MillraceSource.builder()
            .path(SourceJob.uri(directory))
            .format("torch")
            .scanEpochs(EPOCHS)
            .scanShuffle(true)
            .cacheMemorySize(MemorySize.ofMebiBytes(64))
            .build();
    assertThat(source.dataset().samples()).isEqualTo(100 * COPIES);
    assertThat(source.schema())
        .hasToString(
            "(latents tensor<float32>?, num_frames int64?, height int64?, width int64?, fps int64?)");
    List<String> lines = new ArrayList<>();
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(parallelism);
    try (CloseableIterator<String> job =
        env.fromSource(source, WatermarkStrategy.noWatermarks(), "latents")
            .map(TorchSourceITCase::line)
            .returns(Types.STRING)
            .executeAndCollect()) {
      job.forEachRemaining(lines::add);
    }

    assertThat(lines).containsExactlyInAnyOrderElementsOf(expected());
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static String line(Sample sample) {
    return line(
        sample.metadata().epoch(),
        sample.metadata().shard(),
        sample.metadata().sample(),
        sample.getTensor("latents")
            + " "
            + sha256(sample.getTensor("latents").data().toByteArray()),
        sample.getLong("num_frames"));
  }

  private static String line(int epoch, String shard, long sample, String latents, Object frames) {
    return String.format(Locale.ROOT, "%d %s %d %s %s", epoch, shard, sample, latents, frames);
  }

  /** Shards of 512 samples, each named after its first. */
  private static List<String> expected() throws IOException {
    List<String> truth = Files.readAllLines(DATA.resolve("latents-conditions.truth.jsonl"));
    List<String> lines = new ArrayList<>();
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      for (int i = 0; i < 100 * COPIES; i++) {
        int first = i / 512 * 512;
        String shard =
            String.format(Locale.ROOT, "copy-%02d/latent_%04d.pt", first / 100, first % 100);
        Map<String, Object> fields =
            map(map(TestJson.object(truth.get(i % 100)).get("latents")).get("value"));
        Map<String, Object> latents = item(fields, 0);
        String tensor =
            "tensor<float32>"
                + latents.get("shape").toString().replace(" ", "")
                + " "
                + latents.get("sha256");
        lines.add(line(epoch, shard, i - first, tensor, item(fields, 1).get("repr")));
      }
    }
    return lines;
  }

  private static Map<String, Object> item(Map<String, Object> dict, int index) {
    List<?> items = (List<?>) dict.get("items");
    return map(((List<?>) items.get(index)).get(1));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
