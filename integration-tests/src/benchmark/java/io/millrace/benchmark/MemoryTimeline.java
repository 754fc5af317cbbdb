// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import io.millrace.cache.CacheParts;
import io.millrace.flink.source.reader.OpenCaches;
import io.millrace.storage.Await;
import java.util.ArrayList;
import java.util.List;

/**
 * The heap by part over the epochs of a job.
 *
 * @param boundBytes the bound on the cache's memory
 * @param datasetBytes bytes of the dataset
 * @param readers parallelism of the job
 * @param before live bytes before the job
 * @param points in order
 */
record MemoryTimeline(
    long boundBytes, long datasetBytes, int readers, long before, List<MemoryPoint> points) {

  private static final int EPOCHS = 10;
  private static final int LOOKS_PER_EPOCH = 5;
  private static final double RETAINED_SHARE = 0.5;

  /** Runs a shuffled job of ten epochs over a cache that retains half of the dataset. */
  static MemoryTimeline measure(CacheJob job, int readers) throws Exception {
    long datasetBytes = job.dataset().storedBytes();
    long boundBytes = (long) (RETAINED_SHARE * datasetBytes) + job.workingBytes(true, readers);
    long samples = job.dataset().samples();
    // Brings classes and Flink's own buffers. Its cache is closed some time after its end.
    job.run(new CacheJob.Setup("none", true, readers, 1, boundBytes), CacheJob.Look.NONE);
    Await.until("the caches of the jobs before are closed", () -> OpenCaches.count() == 0);
    long before = Heap.liveBytes();
    List<MemoryPoint> points = new ArrayList<>();
    CacheJob.Look look =
        new CacheJob.Look(
            samples / LOOKS_PER_EPOCH,
            (records, scanId) -> points.add(look((double) records / samples, before)));
    job.run(new CacheJob.Setup("plan", true, readers, EPOCHS, boundBytes), look);
    return new MemoryTimeline(boundBytes, datasetBytes, readers, before, points);
  }

  private static MemoryPoint look(double epoch, long before) {
    long live = Heap.liveBytes();
    CacheParts parts = OpenCaches.parts();
    return new MemoryPoint(
        epoch,
        parts.retainedBytes(),
        parts.usedBytes(),
        parts.pooledBytes(),
        parts.reservedBytes(),
        live - before - parts.heldBytes());
  }

  /** The most that the heap had beyond the bound and what was there before, as a share of it. */
  double highestBeyondBound() {
    return points.stream()
        .mapToDouble(point -> (double) (point.allBytes() - boundBytes) / boundBytes)
        .max()
        .orElse(0);
  }

  /** The most that the job had beside what the cache accounts for, as a share of the bound. */
  double highestOther() {
    return points.stream()
        .mapToDouble(point -> (double) point.otherBytes() / boundBytes)
        .max()
        .orElse(0);
  }
}
