// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Works on bytes that are in memory, on one thread and without Flink: a bound that no reader on one
 * core passes.
 *
 * @param dataset whose bytes it works on
 * @param name its name
 * @param work what it does with them
 */
record InMemoryVariant(BenchmarkDataset dataset, String name, Work work) implements Variant {

  /** Loads a dataset's bytes; that is not measured. */
  @FunctionalInterface
  interface Work {
    Pass load(BenchmarkDataset dataset) throws IOException;
  }

  /** Goes over all samples once. */
  @FunctionalInterface
  interface Pass {
    /** Returns the number of bytes that it made. */
    long run();
  }

  @Override
  public Measurement measure(int epochs) throws IOException {
    Pass pass = work.load(dataset);
    List<Long> epochNanos = new ArrayList<>();
    Stopwatch stopwatch = new Stopwatch();
    long last = stopwatch.wallNanos();
    for (int epoch = 0; epoch < epochs; epoch++) {
      long bytes = pass.run();
      if (bytes < dataset.payloadBytes()) {
        throw new IllegalStateException(
            "Cannot measure %s: it made %d bytes of %d"
                .formatted(id(), bytes, dataset.payloadBytes()));
      }
      long now = stopwatch.wallNanos();
      epochNanos.add(now - last);
      last = now;
    }
    return new Measurement(epochNanos, 0, 0, last, stopwatch.cpuNanos(), null);
  }
}
