// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples;

import io.millrace.cache.EpochStatistics;
import io.millrace.examples.report.Amounts;
import io.millrace.examples.report.EpochFigures;
import io.millrace.examples.sheet.Thumbnail;
import io.millrace.examples.sheet.ThumbnailPicker;
import io.millrace.flink.source.MillraceSource;
import io.millrace.flink.source.reader.LocalScans;
import io.millrace.sample.Sample;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;

/**
 * One embedded Flink job over a dataset: counts samples and picks pictures.
 *
 * @param source what it reads
 * @param epochs how many passes it makes
 * @param parallelism number of readers
 * @param retainableBytes what its cache can keep, 0 for no cache
 */
record QuickstartScan(
    MillraceSource<Sample> source, int epochs, int parallelism, long retainableBytes) {

  /**
   * What came out.
   *
   * @param epochs figures by epoch
   * @param thumbnails of the first samples of each class, and some more
   */
  record Outcome(List<EpochFigures> epochs, List<Thumbnail> thumbnails) {}

  /**
   * Runs the job to its end.
   *
   * @param out where its progress is printed
   * @throws IllegalStateException if an epoch had more or fewer samples than the dataset has
   */
  Outcome run(PrintStream out) throws Exception {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(parallelism, new Configuration());
    DataStream<Thumbnail> pictures =
        env.fromSource(source, WatermarkStrategy.noWatermarks(), "samples")
            .map(new EpochMeter())
            .returns(source.getProducedType())
            .flatMap(new ThumbnailPicker(source.schema()))
            .returns(Thumbnail.class);
    CloseableIterator<Thumbnail> collected = pictures.collectAsync();
    long samples = source.dataset().samples() * epochs;
    try (Progress progress = Progress.of(source.scanId(), samples, out)) {
      JobClient job = env.executeAsync("quickstart");
      List<Thumbnail> thumbnails = new ArrayList<>();
      collected.forEachRemaining(thumbnails::add);
      return new Outcome(figures(job.getJobExecutionResult().get()), thumbnails);
    } catch (ExecutionException | RuntimeException e) {
      throw explained(e);
    } finally {
      collected.close();
    }
  }

  /** What a reader failed with, where one did: Flink may report only what came of it. */
  private Exception explained(Exception failure) {
    return LocalScans.failure(source.scanId())
        .<Exception>map(
            cause -> {
              IllegalStateException ofReader =
                  new IllegalStateException("Cannot go on reading", cause);
              ofReader.addSuppressed(failure);
              return ofReader;
            })
        .orElse(failure);
  }

  private List<EpochFigures> figures(JobExecutionResult result) {
    EpochTally.Counts tally = result.getAccumulatorResult(EpochMeter.TALLY);
    SortedMap<Long, EpochStatistics.Snapshot> scan = LocalScans.epochs(source.scanId());
    List<EpochFigures> figures = new ArrayList<>();
    long begin = snapshot(scan, 0).firstActivityNanos();
    for (int epoch = 0; epoch < epochs; epoch++) {
      EpochTally.Entry counted =
          tally.byEpoch().getOrDefault(epoch, new EpochTally.Entry(0, begin));
      check(epoch, counted.samples());
      double bound = epoch == 0 ? 0 : bound();
      figures.add(
          new EpochFigures(
              epoch, counted.samples(), counted.lastNanos() - begin, bound, snapshot(scan, epoch)));
      begin = counted.lastNanos();
    }
    return figures;
  }

  private static EpochStatistics.Snapshot snapshot(
      SortedMap<Long, EpochStatistics.Snapshot> scan, long epoch) {
    EpochStatistics.Snapshot snapshot = scan.get(epoch);
    if (snapshot == null) {
      throw new IllegalStateException("Cannot find the figures of epoch " + epoch);
    }
    return snapshot;
  }

  /** Everything is read once an epoch, so only what was there when it began can hit. */
  private double bound() {
    return Math.min(1, (double) retainableBytes / Math.max(1, source.dataset().storedBytes()));
  }

  private void check(int epoch, long samples) {
    if (samples != source.dataset().samples()) {
      throw new IllegalStateException(
          "Epoch "
              + epoch
              + " had "
              + Amounts.count(samples)
              + " samples, but the dataset has "
              + Amounts.count(source.dataset().samples()));
    }
  }
}
