// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import org.apache.flink.api.connector.source.Source;

/**
 * Runs a source as a Flink job.
 *
 * @param workload what it reads
 * @param name its name
 * @param cluster where it runs
 * @param input the source
 * @param <T> its records
 */
record FlinkVariant<T>(
    Workload workload, String name, BenchmarkCluster cluster, JobInput<T> input)
    implements Variant {

  @Override
  public Measurement measure(int epochs) throws Exception {
    Stopwatch stopwatch = new Stopwatch();
    Source<T, ?, ?> source = input.newSource(epochs);
    Arrivals arrivals = cluster.run(source, input.touch(), input.records());
    long wallNanos = stopwatch.wallNanos();
    long cpuNanos = stopwatch.cpuNanos();
    arrivals.check(id(), epochs * input.records(), epochs * input.bytes());
    return new Measurement(
        arrivals.epochNanos(),
        input.edgeEpochs(),
        arrivals.firstRecordNanos(),
        wallNanos,
        cpuNanos,
        input.hitRate(source).orElse(null));
  }
}
