// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples;

import io.millrace.cache.AccessKind;
import io.millrace.cache.EpochStatistics;
import io.millrace.flink.source.Datasets;
import io.millrace.flink.source.MillraceSource;
import io.millrace.flink.source.reader.LocalScans;
import io.millrace.sample.Sample;
import java.io.PrintStream;
import java.util.Locale;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;

/**
 * The code of docs/from-the-python-loader.md, which a test compares with what stands between marks.
 */
final class PythonLoaderExample {

  private PythonLoaderExample() {}

  static MillraceSource<Sample> source(String path) {
    // source begins
    MillraceSource<Sample> source =
        MillraceSource.builder()
            .path(path)
            .format("torch")
            .scanEpochs(2)
            .scanShuffle(true)
            .cacheMemorySize(MemorySize.ofMebiBytes(64))
            .build();
    // source ends
    return source;
  }

  static MillraceSource<Sample> aligned(String latents, String conditions) {
    // aligned begins
    MillraceSource<Sample> source =
        MillraceSource.builder()
            .dataset(
                Datasets.aligned(
                    Datasets.at(latents).format("torch").renamed("latents", "latent_conditions"),
                    Datasets.at(conditions).format("torch").prefixed("text")))
            .scanShuffle(true)
            .build();
    // aligned ends
    return source;
  }

  static void iterate(MillraceSource<Sample> source, Consumer<Sample> step) throws Exception {
    // iterate begins
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    try (CloseableIterator<Sample> samples =
        env.fromSource(source, WatermarkStrategy.noWatermarks(), "samples").executeAndCollect()) {
      samples.forEachRemaining(step);
    }
    // iterate ends
  }

  static void print(MillraceSource<Sample> source, PrintStream out) {
    // statistics begins
    SortedMap<Long, EpochStatistics.Snapshot> epochs = LocalScans.epochs(source.scanId());
    epochs.forEach(
        (epoch, counts) ->
            out.printf(
                Locale.ROOT,
                "epoch %d: hit rate %.2f, ready %.2f, %d misses, %d bytes from the origin%n",
                epoch,
                counts.hitRate(),
                counts.readyRate(),
                counts.of(AccessKind.MISS).count(),
                counts.originBytes()));
    // statistics ends
  }
}
