// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import io.millrace.cache.CachePolicies;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How much of the cache is measured, and where the result goes.
 *
 * @param scale factor of the dataset's size
 * @param epochs passes over the dataset of each job whose hit rate is measured
 * @param shares what the cache can retain, in percent of the dataset
 * @param readers parallelisms
 * @param policies of the cache
 * @param orders {@link #SHUFFLED}, {@link #IN_ORDER} or both
 * @param heaps heaps of the processes in which the cache is filled, in GB
 * @param parts what is measured, of {@link #PARTS}
 * @param results directory of the result files
 * @param compare an earlier result file, null for no comparison
 */
record CacheBenchmarkSettings(
    double scale,
    int epochs,
    List<Double> shares,
    List<Integer> readers,
    List<String> policies,
    List<String> orders,
    List<Double> heaps,
    Set<String> parts,
    Path results,
    @Nullable Path compare) {

  static final String SHUFFLED = "shuffled";
  static final String IN_ORDER = "in-order";

  static final String HIT_RATE = "hit-rate";
  static final String LATENCY = "latency";
  static final String MEMORY = "memory";
  static final String HEAP = "heap";

  /** Hit rate and origin bytes; latency of hits; memory by part; heaps that are filled. */
  static final List<String> PARTS = List.of(HEAP, LATENCY, HIT_RATE, MEMORY);

  /** As many as the TaskManager has slots. */
  static final int MAX_READERS = 4;

  CacheBenchmarkSettings {
    BenchmarkProperties.checkScale(scale);
    BenchmarkProperties.checkCount("epochs", epochs, 2);
    shares = List.copyOf(shares);
    readers = List.copyOf(readers);
    policies = List.copyOf(policies);
    orders = List.copyOf(orders);
    heaps = List.copyOf(heaps);
    parts = Set.copyOf(parts);
  }

  /** Reads {@code benchmark.*}; a property that is not there or blank has its default. */
  static CacheBenchmarkSettings from(Properties properties) {
    BenchmarkProperties given = new BenchmarkProperties(properties);
    return new CacheBenchmarkSettings(
        given.decimal("scale", 1),
        (int) given.decimal("epochs", 5),
        given.decimals("shares", "10,25,50,75,90,100", 1, 100),
        given.counts("readers", "1,4", 1, MAX_READERS),
        given.words("policies", List.copyOf(CachePolicies.names())),
        given.words("orders", List.of(SHUFFLED, IN_ORDER)),
        given.decimals("heaps", "1,2,4,8", 0.25, 64),
        Set.copyOf(given.words("only", PARTS)),
        given.results(),
        given.compare());
  }

  boolean includes(String part) {
    return parts.contains(part);
  }
}
