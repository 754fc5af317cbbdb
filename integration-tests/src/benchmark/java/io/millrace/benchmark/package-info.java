// SPDX-License-Identifier: Apache-2.0
/**
 * Benchmarks: JMH's own classes, and {@link io.millrace.benchmark.ThroughputBenchmark}, which runs
 * whole jobs beside what they could at best reach.
 */
@NullMarked
package io.millrace.benchmark;

import org.jspecify.annotations.NullMarked;
