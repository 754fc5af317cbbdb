// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import io.millrace.cache.CacheParts;
import io.millrace.cache.EpochStatistics;
import io.millrace.flink.source.reader.LocalScans;
import io.millrace.flink.source.reader.OpenCaches;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Runs a job for each policy, order, parallelism and size of the cache. */
final class HitRates {

  private static final String NONE = "none";

  /** How often a job is looked at in an epoch. */
  private static final int LOOKS = 200;

  private final CacheJob job;
  private final CacheBenchmarkSettings settings;
  private final PrintStream out;

  HitRates(CacheJob job, CacheBenchmarkSettings settings, PrintStream out) {
    this.job = job;
    this.settings = settings;
    this.out = out;
  }

  List<HitRate> measure() throws Exception {
    List<HitRate> rates = new ArrayList<>();
    for (String order : settings.orders()) {
      for (int readers : settings.readers()) {
        for (String policy : settings.policies()) {
          for (double share : shares(policy)) {
            HitRate rate =
                measure(policy, order.equals(CacheBenchmarkSettings.SHUFFLED), readers, share);
            print(rate);
            rates.add(rate);
          }
        }
      }
    }
    return rates;
  }

  /** Where nothing is kept, one size stands for all. */
  private List<Double> shares(String policy) {
    return policy.equals(NONE) ? List.of(0.0) : settings.shares();
  }

  private HitRate measure(String policy, boolean shuffled, int readers, double percent)
      throws Exception {
    long datasetBytes = job.dataset().storedBytes();
    long workingBytes = job.workingBytes(shuffled, readers);
    // Readers may work with half of the memory, and are to get all that they can use.
    long memoryBytes =
        Math.max(2 * workingBytes, Math.round(percent / 100 * datasetBytes) + workingBytes);
    EpochProfile profile = new EpochProfile();
    long[] highest = new long[1];
    CacheJob.Look look =
        new CacheJob.Look(
            Math.max(1, job.dataset().samples() / LOOKS),
            (records, scanId) -> {
              CacheParts parts = OpenCaches.parts();
              highest[0] = Math.max(highest[0], parts.workingBytes());
              profile.look(LocalScans.epochs(scanId));
            });
    CacheJob.Outcome outcome =
        job.run(
            new CacheJob.Setup(policy, shuffled, readers, settings.epochs(), memoryBytes), look);
    profile.look(outcome.epochs());
    return new HitRate(
        policy,
        shuffled,
        readers,
        settings.epochs(),
        datasetBytes,
        policy.equals(NONE) ? 0 : memoryBytes - workingBytes,
        workingBytes,
        highest[0],
        outcome.laterHitRate(),
        outcome.epochs().values().stream().map(EpochStatistics.Snapshot::hitRate).toList(),
        profile.hitRates(),
        outcome.origin().bytesRead(),
        outcome.countedOriginBytes(),
        outcome.origin().requests(),
        outcome.wallNanos() / 1e9);
  }

  private void print(HitRate rate) {
    out.printf(
        Locale.ROOT,
        "hit rate  %-34s %6.2f %% of at most %6.2f %%, ratio %.3f; origin %.3f of expected; %5.1f"
            + " s%n",
        rate.id(),
        100 * rate.hitRate(),
        100 * rate.bound(),
        rate.ratio(),
        rate.originRatio(),
        rate.seconds());
  }
}
