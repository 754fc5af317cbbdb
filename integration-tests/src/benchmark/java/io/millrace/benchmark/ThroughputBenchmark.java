// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Throughput of whole jobs of parallelism 1 over local MDS, raw and compressed, and over torch
 * files, with a cache and without, beside Flink's own file source over the same files, and beside
 * the work that cannot be avoided alone: decompression, a copy of each sample, reading each file. All in one process and in turn; what it
 * writes is deleted, but for the result file. {@code docs/testing.md} says how to run it.
 */
public final class ThroughputBenchmark {

  private ThroughputBenchmark() {}

  /** Takes its settings from the system properties {@code benchmark.*}. */
  @SuppressWarnings("CatchAndPrintStackTrace") // The JVM would print it, too, but ends first.
  public static void main(String[] arguments) {
    int status = 1;
    try {
      run(BenchmarkSettings.from(System.getProperties()), System.out);
      status = 0;
    } catch (Exception e) {
      e.printStackTrace();
    } finally {
      // Without it a fetcher that Flink has lost (FLINK-40660) keeps the process alive for ever.
      System.exit(status);
    }
  }

  /** Measures, prints, and returns the result file. */
  static Path run(BenchmarkSettings settings, PrintStream out) throws Exception {
    EarlierResult earlier =
        settings.compare() == null ? null : EarlierResult.read(settings.compare());
    Map<String, String> machine = Machine.describe();
    Instant time = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    List<VariantResult> variants = measure(settings, out);
    Throughput result =
        new Throughput(time, machine, settings, variants, Variants.ratios(variants));
    Path file = ThroughputJson.write(result);
    ThroughputTable.print(result, out);
    if (earlier != null) {
      earlier.printChanges(result, out);
    }
    out.printf("%nEvery value: %s%n", file.toAbsolutePath());
    return file;
  }

  private static List<VariantResult> measure(BenchmarkSettings settings, PrintStream out)
      throws Exception {
    try (BenchmarkData data = BenchmarkData.create();
        BenchmarkCluster cluster = BenchmarkCluster.start()) {
      List<Variant> variants = new ArrayList<>();
      for (DatasetShape shape : DatasetShape.values()) {
        if (settings.includes(shape.label())) {
          BenchmarkDataset dataset =
              BenchmarkDataset.write(data.directory(), shape, settings.scale());
          print(dataset, out);
          variants.addAll(Variants.of(dataset, cluster));
        }
      }
      if (settings.includes(TorchFiles.LABEL)) {
        TorchFiles files = TorchFiles.write(data.directory(), settings.scale());
        print(files, out);
        variants.addAll(Variants.of(files, cluster));
      }
      if (settings.includes(SqlDataset.LABEL)) {
        SqlDataset dataset = SqlDataset.write(data.directory(), settings.scale());
        print(dataset, SqlCount.of(dataset), out);
        variants.addAll(Variants.of(dataset, cluster));
      }
      return new Rounds(variants, settings, out).run();
    }
  }

  private static void print(TorchFiles files, PrintStream out) throws IOException {
    out.printf(
        Locale.ROOT,
        "%s: %,d files of one sample each; %,d bytes%n",
        files.label(),
        files.samples(),
        files.storedBytes());
  }

  private static void print(SqlDataset dataset, SqlCount count, PrintStream out)
      throws IOException {
    out.printf(
        Locale.ROOT,
        "%s: %,d samples of %,d bytes and a number; %,d bytes in raw shards%n"
            + "     COUNT(*) = %,d in %.2f s; read at the origin: %,d bytes of samples, %,d of the index%n",
        dataset.label(),
        dataset.samples(),
        SqlDataset.SAMPLE_BYTES,
        BenchmarkDataset.storedBytes(dataset.directory()),
        count.rows(),
        count.nanos() / 1e9,
        count.sampleBytes(),
        count.otherBytes());
  }

  private static void print(BenchmarkDataset dataset, PrintStream out) throws IOException {
    out.printf(
        Locale.ROOT,
        "%s: %,d samples of %,d bytes; %,d bytes in %d raw shards, %,d in %d zstd shards%n",
        dataset.shape().label(),
        dataset.samples(),
        dataset.shape().sampleBytes(),
        BenchmarkDataset.storedBytes(dataset.raw()),
        dataset.rawShards().size(),
        BenchmarkDataset.storedBytes(dataset.zstd()),
        dataset.zstdShards().size());
  }
}
