// SPDX-License-Identifier: Apache-2.0
package io.millrace.operations;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.source.MillraceSource;
import io.millrace.format.mds.MdsWriter;
import io.millrace.storage.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.metrics.prometheus.PrometheusReporterFactory;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What Flink's own Prometheus reporter answers while a job runs. */
@Tag("it")
class PrometheusITCase {

  private static final int PORT = freePort();
  private static final int READERS = 2;
  private static final int SAMPLES = 400;

  private static final Pattern SERIES =
      Pattern.compile("(?m)^" + DocumentedMetrics.PREFIX + "(\\w+)\\{([^}]*)} (\\S+)");

  /** Holds the job at its last samples, so that its metrics are there. */
  private static final CountDownLatch END = new CountDownLatch(1);

  @RegisterExtension
  static final MiniClusterExtension FLINK =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setConfiguration(reporting())
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(READERS)
              .build());

  @TempDir Path directory;

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Configuration reporting() {
    Configuration configuration = new Configuration();
    configuration.setString("metrics.reporters", "prom");
    configuration.setString(
        "metrics.reporter.prom.factory.class", PrometheusReporterFactory.class.getName());
    configuration.setString("metrics.reporter.prom.port", String.valueOf(PORT));
    return configuration;
  }

  private static String scrape() {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + PORT + "/metrics")).build();
    try {
      return HttpClient.newHttpClient().send(request, BodyHandlers.ofString(UTF_8)).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Values by metric, one a series; checks the labels that the dashboard goes by. */
  private static Map<String, List<Double>> series(String scraped) {
    Map<String, List<Double>> series = new TreeMap<>();
    Matcher matcher = SERIES.matcher(scraped);
    while (matcher.find()) {
      assertThat(matcher.group(2))
          .contains("job_name=\"reported\"", "subtask_index=\"", "tm_id=\"")
          .contains("operator_name=\"Source:_dataset\"");
      series
          .computeIfAbsent(matcher.group(1), name -> new ArrayList<>())
          .add(Double.parseDouble(matcher.group(3)));
    }
    return series;
  }

  @Test
  void namesTheMetricsAsTheDashboardDoes() throws Exception {
    writeDataset();
    JobClient job = start();
    Await.until(
        "both readers have come to the second epoch",
        () ->
            series(scrape()).getOrDefault("currentEpoch", List.of()).stream()
                    .filter(epoch -> epoch == 1)
                    .count()
                == READERS);
    Map<String, List<Double>> series = series(scrape());
    END.countDown();
    job.getJobExecutionResult().get();

    assertThat(series.keySet()).isEqualTo(DocumentedMetrics.inTheCode());
    assertThat(DocumentedMetrics.namedIn(DocumentedMetrics.DASHBOARD)).containsAll(series.keySet());
    checkThoseOfTheCache(series);
    assertThat(series.get("cacheCapacityBytes")).containsExactly(16.0 * (1 << 20));
    assertThat(series.get("originBytes").stream().mapToDouble(Double::doubleValue).sum())
        .isGreaterThan(SAMPLES * 1_000);
    assertThat(series.get("hitRateBound")).containsOnly(1.0);
  }

  private void writeDataset() throws IOException {
    try (MdsWriter writer = new MdsWriter(directory, Map.of("id", "int", "data", "bytes"))) {
      for (long id = 0; id < SAMPLES; id++) {
        writer.write(Map.of("id", id, "data", new byte[1_000]));
        if (id % 20 == 19) {
          writer.endShard();
        }
      }
    }
  }

  private JobClient start() throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(READERS);
    env.fromSource(
            MillraceSource.builder()
                .path(directory.toUri().toString())
                .scanEpochs(2)
                .scanShuffle(true)
                .cacheMemorySize(MemorySize.ofMebiBytes(16))
                .build(),
            WatermarkStrategy.noWatermarks(),
            "dataset")
        .map(
            sample -> {
              if (sample.metadata().epoch() == 1 && !END.await(2, TimeUnit.MINUTES)) {
                throw new IllegalStateException("The test did not end");
              }
              return sample.getLong("id");
            })
        .returns(Types.LONG)
        .sinkTo(new DiscardingSink<>());
    return env.executeAsync("reported");
  }

  private static void checkThoseOfTheCache(Map<String, List<Double>> series) {
    Set<String> once = new TreeSet<>();
    series.forEach(
        (name, values) -> {
          assertThat(values).as(name).hasSizeBetween(1, READERS);
          if (values.size() == 1) {
            once.add(name);
          }
        });
    assertThat(once)
        .as("the cache's own, once however many readers share it")
        .containsExactly(
            "bytesSaved",
            "cacheCapacityBytes",
            "cacheDiskBytes",
            "cacheDiskState",
            "cacheEntries",
            "cacheMemoryBytes",
            "evictions",
            "expirations",
            "hedgedRequests",
            "originFallbacks",
            "originRetries",
            "originThrottled");
  }
}
