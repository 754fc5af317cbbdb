// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.flink.source.MillraceSource;
import io.millrace.flink.source.MillraceSourceBuilder;
import io.millrace.format.mds.MdsWriter;
import io.millrace.sample.Sample;
import io.millrace.storage.Await;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that end, fail or are cancelled leave no thread and no cache behind. */
@Tag("it")
class JobEndITCase {

  private static final int SHARDS = 8;
  private static final int SAMPLES_PER_SHARD = 50;

  @RegisterExtension
  static final MiniClusterExtension FLINK =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(2)
              .setNumberSlotsPerTaskManager(2)
              .build());

  @TempDir Path directory;

  private StreamExecutionEnvironment job(MillraceSource<Sample> source, Counting function) {
    Configuration configuration = new Configuration();
    configuration.setString("restart-strategy.type", "none");
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    env.setParallelism(4);
    env.enableCheckpointing(50);
    env.fromSource(source, WatermarkStrategy.noWatermarks(), "samples")
        .map(function)
        .returns(Types.LONG)
        .sinkTo(new DiscardingSink<>());
    return env;
  }

  @Test
  void leavesNothingBehind() throws Exception {
    try (MdsWriter writer =
        new MdsWriter(directory, Map.of("id", "int", "data", "bytes")).hashes("xxh64")) {
      for (int i = 0; i < SHARDS * SAMPLES_PER_SHARD; i++) {
        writer.write(Map.of("id", (long) i, "data", new byte[10_000]));
        if (i % SAMPLES_PER_SHARD == SAMPLES_PER_SHARD - 1) {
          writer.endShard();
        }
      }
    }
    for (int cycle = 0; cycle < 10; cycle++) {
      Counting.SEEN.set(0);
      switch (cycle % 3) {
        case 0 -> {
          job(source().scanEpochs(2).build(), new Counting(0)).execute();
          assertThat(Counting.SEEN).hasValue(2 * SHARDS * SAMPLES_PER_SHARD);
        }
        case 1 -> {
          Counting.FAILED.set(0);
          assertThatThrownBy(
                  () -> job(source().scanEpochsUnbounded().build(), new Counting(300)).execute())
              .hasMessage("Job execution failed.");
          // Not by the message: Flink may name the split that it could not send to the failed task.
          assertThat(Counting.FAILED).hasValue(1);
        }
        default -> cancelInTheMiddle();
      }
      Await.until("all caches are closed", () -> SharedCaches.openCaches() == 0);
      Await.until("no thread is left", () -> liveThreads().isEmpty());
    }
  }

  private MillraceSourceBuilder source() {
    return MillraceSource.builder()
        .path(directory.toUri().toString())
        .scanShuffle(true)
        .scanShuffleWindow(2)
        .cacheMemorySize(MemorySize.ofMebiBytes(8));
  }

  private void cancelInTheMiddle() throws Exception {
    JobClient running = job(source().scanEpochsUnbounded().build(), new Counting(0)).executeAsync();
    Await.until("the job is under way", () -> Counting.SEEN.get() > 500);
    assertThat(SharedCaches.openCaches()).isEqualTo(1);
    running.cancel().get();
    assertThatThrownBy(() -> running.getJobExecutionResult().get())
        .hasStackTraceContaining("Job was cancelled");
  }

  private static List<String> liveThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("millrace-"))
        .toList();
  }

  /** Counts samples over all copies; fails at one of them. */
  private static final class Counting implements MapFunction<Sample, Long> {

    private static final long serialVersionUID = 1L;

    static final AtomicInteger SEEN = new AtomicInteger();
    static final AtomicInteger FAILED = new AtomicInteger();

    private final int failsAt;

    Counting(int failsAt) {
      this.failsAt = failsAt;
    }

    @Override
    public Long map(Sample sample) {
      if (SEEN.incrementAndGet() == failsAt) {
        FAILED.incrementAndGet();
        throw new IllegalStateException("Failure injected by the test");
      }
      return sample.getLong("id");
    }
  }
}
