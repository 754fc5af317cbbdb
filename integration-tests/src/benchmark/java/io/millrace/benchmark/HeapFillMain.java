// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.cache.CacheParts;
import io.millrace.flink.source.reader.OpenCaches;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Fills a cache on this process's heap and prints what became of it as a line of JSON. Started by
 * {@link HeapFills}.
 */
final class HeapFillMain {

  /** What the line begins with. */
  static final String RESULT = "RESULT ";

  private static final int LOOKS_PER_EPOCH = 200;

  /** Epochs after which what is alive is measured. */
  private static final List<Integer> LOOKS = List.of(HeapFills.FIRST_LOOK, HeapFills.LAST_LOOK);

  private HeapFillMain() {}

  /**
   * Takes the dataset's directory and three numbers, the bound's share of the heap, epochs, and
   * whether what is alive is to be measured.
   */
  @SuppressWarnings("CatchAndPrintStackTrace") // The JVM would print it, too, but ends first.
  public static void main(String[] args) {
    int status = 1;
    try {
      SparseDataset dataset =
          new SparseDataset(
              Path.of(args[0]),
              Integer.parseInt(args[1]),
              Integer.parseInt(args[2]),
              Integer.parseInt(args[3]));
      HeapFill fill =
          fill(
              dataset,
              Double.parseDouble(args[4]),
              Integer.parseInt(args[5]),
              Boolean.parseBoolean(args[6]));
      System.out.println(RESULT + new ObjectMapper().writeValueAsString(fill));
      System.out.flush();
      status = 0;
    } catch (Exception e) {
      e.printStackTrace();
    } finally {
      // As in ThroughputBenchmark: nothing that Flink has lost keeps the process alive.
      System.exit(status);
    }
  }

  private static HeapFill fill(SparseDataset dataset, double share, int epochs, boolean measures)
      throws Exception {
    long heapBytes = Runtime.getRuntime().maxMemory();
    long boundBytes = (long) (share * heapBytes);
    long samples = dataset.samples();
    double[] filled = new double[1];
    List<Long> live = new ArrayList<>();
    CacheJob.Look look =
        new CacheJob.Look(
            Math.max(1, samples / LOOKS_PER_EPOCH),
            (records, scanId) -> {
              CacheParts parts = OpenCaches.parts();
              long held = parts.retainedBytes() + parts.workingBytes();
              filled[0] = Math.max(filled[0], (double) held / boundBytes);
              long epoch = records / samples;
              if (measures && live.size() < LOOKS.size() && epoch >= LOOKS.get(live.size())) {
                live.add(Heap.liveBytes());
              }
            });
    try (BenchmarkCluster cluster = BenchmarkCluster.start(1);
        CacheJob job = CacheJob.over(dataset, cluster)) {
      long before = Heap.fullCollections();
      job.run(new CacheJob.Setup("plan", true, 1, epochs, boundBytes), look);
      long fullCollections = Heap.fullCollections() - before - live.size();
      return new HeapFill(heapBytes, share, epochs, filled[0], fullCollections, "", live);
    }
  }
}
