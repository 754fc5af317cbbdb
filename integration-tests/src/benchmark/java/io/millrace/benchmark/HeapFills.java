// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.harness.process.JavaProcess;
import io.millrace.harness.process.ProcessFailedException;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills caches on the heaps of other processes, under G1: how large a part of a heap the cache may
 * have, and whether a long job leaves the heap as it was.
 */
final class HeapFills {

  /** Epochs after which what is alive is measured; one more is read, in which nothing is kept. */
  static final int FIRST_LOOK = 2;

  static final int LAST_LOOK = 10;

  private static final List<Double> SHARES = List.of(0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9);
  private static final double STEADY_SHARE = 0.5;
  private static final int FILL_EPOCHS = 3;

  private static final double FULL_DATASET_BYTES = 4.3e9;
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Pattern RESULT = Pattern.compile("^" + HeapFillMain.RESULT + "(.*)$");
  private static final Pattern FAILURE = Pattern.compile("(\\S*(?:Error|Exception)\\b.*)");

  private final Path directory;
  private final PrintStream out;

  /**
   * @param directory for a dataset as large as a heap, sparse, and the logs of the processes
   */
  HeapFills(Path directory, PrintStream out) {
    this.directory = directory;
    this.out = out;
  }

  /**
   * Tries larger and larger parts of each heap until one is too large; with a first one that lasts
   * for ten epochs.
   *
   * @param heapGigabytes in units of 2³⁰ bytes
   */
  List<HeapFill> measure(List<Double> heapGigabytes) throws IOException {
    List<HeapFill> fills = new ArrayList<>();
    for (double gigabytes : heapGigabytes) {
      long heapBytes = (long) (gigabytes * (1 << 30));
      try (BenchmarkData data = BenchmarkData.create("heap")) {
        SparseDataset dataset =
            SparseDataset.write(data.directory(), heapBytes / FULL_DATASET_BYTES);
        fills.add(fill(dataset, heapBytes, STEADY_SHARE, true));
        for (double share : SHARES) {
          HeapFill fill = fill(dataset, heapBytes, share, false);
          fills.add(fill);
          if (!fill.fits()) {
            break;
          }
        }
      }
    }
    return fills;
  }

  private HeapFill fill(SparseDataset dataset, long heapBytes, double share, boolean steady)
      throws IOException {
    int epochs = steady ? LAST_LOOK + 1 : FILL_EPOCHS;
    Path log = Files.createTempFile(directory, "heap", ".log");
    try (JavaProcess process =
        JavaProcess.builder("cache on a heap of " + (heapBytes >> 20) + " MiB")
            .classpath(classPath())
            .jvmArgs(jvmArgs(heapBytes))
            .mainClass(HeapFillMain.class.getName())
            .args(
                dataset.directory().toString(),
                String.valueOf(dataset.shards()),
                String.valueOf(dataset.samplesPerShard()),
                String.valueOf(dataset.zerosPerSample()),
                String.valueOf(share),
                String.valueOf(epochs),
                String.valueOf(steady))
            .log(log)
            .deleteWhenOrphaned(dataset.directory())
            .start()) {
      process.awaitExit(LIMIT);
      Optional<Matcher> result = process.findLine(RESULT);
      HeapFill fill =
          result.isPresent()
              ? new ObjectMapper().readValue(result.get().group(1), HeapFill.class)
              : failed(process, heapBytes, share, epochs);
      print(fill);
      return fill;
    } catch (ProcessFailedException e) {
      HeapFill fill = new HeapFill(heapBytes, share, epochs, 0, 0, "it took too long", List.of());
      print(fill);
      return fill;
    }
  }

  private static HeapFill failed(JavaProcess process, long heapBytes, double share, int epochs) {
    String failure =
        process.findLine(FAILURE).map(line -> line.group(1)).orElse("it ended without a word");
    return new HeapFill(heapBytes, share, epochs, 0, 0, failure, List.of());
  }

  private static List<Path> classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(Path::of)
        .toList();
  }

  /** Those that Flink needs are those of this process. */
  private static String[] jvmArgs(long heapBytes) {
    List<String> args = new ArrayList<>();
    for (String name : List.of("lang", "net", "time", "util", "util.concurrent")) {
      args.add("--add-opens=java.base/java." + name + "=ALL-UNNAMED");
    }
    args.add("-Xmx" + (heapBytes >> 20) + "m");
    args.add("-XX:+UseG1GC");
    return args.toArray(String[]::new);
  }

  private void print(HeapFill fill) {
    out.printf(
        Locale.ROOT,
        "heap      %,6d MiB, %2.0f %% for the cache, %2d epochs: %s%n",
        fill.heapBytes() >> 20,
        100 * fill.share(),
        fill.epochs(),
        outcome(fill));
  }

  private static String outcome(HeapFill fill) {
    if (!fill.failure().isEmpty()) {
      return fill.failure();
    }
    String collections = fill.fullCollections() + " full collections";
    String filled = String.format(Locale.ROOT, "%.1f %% filled, ", 100 * fill.filled());
    return fill.liveBytesByEpoch().isEmpty()
        ? filled + collections
        : String.format(
            Locale.ROOT, "%s%s, live bytes %+.2f %%", filled, collections, 100 * fill.growth());
  }
}
