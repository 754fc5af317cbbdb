// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Work on a dataset's bytes on one thread and without Flink: a bound that no reader on one core
 * passes.
 *
 * @param workload what it goes over
 * @param name its name
 * @param work what it does
 */
record PassVariant(Workload workload, String name, Work work) implements Variant {

  /** Prepares a pass, such as by loading bytes into memory; that is not measured. */
  @FunctionalInterface
  interface Work {
    Pass prepare() throws IOException;
  }

  /** Goes over all samples once. */
  @FunctionalInterface
  interface Pass {
    /** Returns the number of bytes that it made. */
    long run();
  }

  @Override
  public Measurement measure(int epochs) throws IOException {
    Pass pass = work.prepare();
    List<Long> epochNanos = new ArrayList<>();
    Stopwatch stopwatch = new Stopwatch();
    long last = stopwatch.wallNanos();
    for (int epoch = 0; epoch < epochs; epoch++) {
      long bytes = pass.run();
      if (bytes < workload.payloadBytes()) {
        throw new IllegalStateException(
            "Cannot measure %s: it made %d bytes of %d"
                .formatted(id(), bytes, workload.payloadBytes()));
      }
      long now = stopwatch.wallNanos();
      epochNanos.add(now - last);
      last = now;
    }
    return new Measurement(epochNanos, 0, 0, last, stopwatch.cpuNanos(), null);
  }
}
