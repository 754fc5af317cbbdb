// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples;

import io.millrace.examples.origin.DelayedOrigin;
import io.millrace.examples.report.Amounts;
import io.millrace.examples.report.Comparison;
import io.millrace.examples.report.EpochTable;
import io.millrace.examples.sheet.ContactSheet;
import io.millrace.examples.sheet.Thumbnail;
import io.millrace.flink.scan.DatasetSummary;
import io.millrace.flink.scan.MillraceOptions;
import io.millrace.flink.source.MillraceSource;
import io.millrace.flink.source.MillraceSourceBuilder;
import io.millrace.sample.Sample;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.flink.util.TimeUtils;

/** The quickstart's steps, one after another. */
final class Quickstart {

  /** The connector's default of {@code cache.memory.size}. */
  private static final double DEFAULT_SHARE_OF_HEAP = 0.2;

  private static final long MOST_WARM_UP_BYTES = 64_000_000;

  private final QuickstartOptions options;
  private final DatasetLocation dataset;
  private final PrintStream out;

  Quickstart(QuickstartOptions options, PrintStream out) {
    this.options = options;
    this.dataset = DatasetLocation.of(options.dataset());
    this.out = out;
  }

  void run() throws Exception {
    DatasetSummary summary = source(dataset.uri(), true, 1).dataset();
    if (summary.samples() == 0) {
      throw new IllegalArgumentException(
          "Cannot read the dataset at " + dataset + ": it has no samples");
    }
    int window = window(summary);
    describe(summary, window);
    warmUp(summary, window);
    QuickstartScan.Outcome with = scan("With cache and prefetch", true, window);
    QuickstartScan.Outcome without =
        scan("Without (cache.policy none, prefetch.budget 0)", false, window);
    out.println();
    out.println(new Comparison(with.epochs(), without.epochs()).sentence());
    checkSame(with.thumbnails(), without.thumbnails());
    out.println();
    show(with.thumbnails());
  }

  /**
   * The connector's default, but in a small dataset no more than a quarter of it: a reader that
   * mixes most of an epoch at a time is already in the next one, whose figures would tell nothing.
   */
  private static int window(DatasetSummary summary) {
    int most = MillraceOptions.SCAN_SHUFFLE_WINDOW.defaultValue();
    return (int) Math.min(most, Math.max(1, summary.units() / 4));
  }

  private void describe(DatasetSummary summary, int window) {
    out.println("Dataset: " + dataset);
    out.printf(
        Locale.ROOT,
        "  %s, %s samples in %s shards, %s at the origin%n",
        summary.format(),
        Amounts.count(summary.samples()),
        Amounts.count(summary.shards()),
        Amounts.bytes(summary.storedBytes()));
    summary.schema().fields().forEach(field -> out.println("  " + field));
    QuickstartOptions.Order order = options.order();
    out.printf(
        Locale.ROOT,
        "Scan: %s, %s, %s, %s of memory for cache and prefetch%n",
        number(order.epochs(), "epoch"),
        order.shuffle() ? "shuffled (window " + window + ")" : "not shuffled",
        number(options.parallelism(), "reader"),
        Amounts.bytes(cacheBytes()));
    out.println("Origin: " + describeOrigin());
  }

  private static String number(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /** A cold JVM loads classes for as long as a small dataset takes to read. */
  private void warmUp(DatasetSummary summary, int window) throws Exception {
    if (isDelayed() && summary.storedBytes() <= MOST_WARM_UP_BYTES) {
      out.println();
      out.println("Warming up: the same from the local files, not measured");
      new QuickstartScan(
              source(dataset.uri(), false, window),
              options.order().epochs(),
              options.parallelism(),
              0)
          .run(out);
    }
  }

  private String describeOrigin() {
    if (isDelayed()) {
      return "simulated, "
          + TimeUtils.formatWithHighestUnit(options.latency())
          + " each open, status, list, and read after a seek";
    }
    return dataset.local().isPresent()
        ? "the local file system, no latency simulated"
        : "as it is; latency is simulated for local datasets only";
  }

  private boolean isDelayed() {
    return dataset.local().isPresent() && !options.latency().isZero();
  }

  private long cacheBytes() {
    return options
        .cacheMemory()
        .map(size -> size.getBytes())
        .orElseGet(() -> (long) (Runtime.getRuntime().maxMemory() * DEFAULT_SHARE_OF_HEAP));
  }

  private QuickstartScan.Outcome scan(String title, boolean cached, int window) throws Exception {
    out.println();
    out.println(title);
    Optional<Path> local = isDelayed() ? dataset.local() : Optional.empty();
    if (local.isEmpty()) {
      return scanAt(dataset.uri(), cached, window);
    }
    try (DelayedOrigin origin = DelayedOrigin.open(options.latency())) {
      QuickstartScan.Outcome outcome = scanAt(origin.dataset(local.get()), cached, window);
      DelayedOrigin.Counts counts = origin.counts();
      out.printf(
          Locale.ROOT,
          "  The origin itself counted %s requests (opens, listings and the index, too) and %s.%n",
          Amounts.count(counts.requests()),
          Amounts.bytes(counts.bytes()));
      return outcome;
    }
  }

  private QuickstartScan.Outcome scanAt(String uri, boolean cached, int window) throws Exception {
    MillraceSource<Sample> source = source(uri, cached, window);
    QuickstartScan.Outcome outcome =
        new QuickstartScan(
                source, options.order().epochs(), options.parallelism(), cached ? cacheBytes() : 0)
            .run(out);
    EpochTable.lines(outcome.epochs()).forEach(line -> out.println("  " + line));
    if (cached && cacheBytes() < 2 * source.dataset().storedBytes()) {
      out.println("  Bound: of all the memory; up to half of it works ahead and keeps nothing.");
    }
    if (!cached && outcome.epochs().stream().anyMatch(epoch -> epoch.scan().hitRate() > 0)) {
      out.println("  Hits without a cache: two epochs had the same shard open at once.");
    }
    return outcome;
  }

  private MillraceSource<Sample> source(String uri, boolean cached, int window) {
    MillraceSourceBuilder builder =
        MillraceSource.builder()
            .path(uri)
            .format(options.format())
            .scanEpochs(options.order().epochs())
            .scanShuffle(options.order().shuffle())
            .scanShuffleWindow(window);
    options.cacheMemory().ifPresent(builder::cacheMemorySize);
    return cached ? builder.build() : builder.cachePolicy("none").prefetchBudget("0").build();
  }

  private static void checkSame(List<Thumbnail> some, List<Thumbnail> others) {
    if (!ContactSheet.choose(some).equals(ContactSheet.choose(others))) {
      throw new IllegalStateException("The two scans decoded different images");
    }
  }

  private void show(List<Thumbnail> thumbnails) throws Exception {
    if (thumbnails.isEmpty()) {
      out.println("No image was found in this dataset. Its first sample:");
      new FirstSample(dataset.uri(), options.format())
          .lines()
          .forEach(line -> out.println("  " + line));
      return;
    }
    ContactSheet sheet = ContactSheet.of(thumbnails);
    Path png = options.output().resolve("contact-sheet.png");
    sheet.write(png);
    int pictures = sheet.rows().stream().mapToInt(List::size).sum();
    out.printf(
        Locale.ROOT,
        "Pictures: %d of the first epoch, %d %s%n",
        pictures,
        sheet.rows().size(),
        sheet.rows().size() == 1 ? "row" : "rows, one a class");
    out.println("Contact sheet: " + png);
  }
}
