// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.util.List;

/**
 * What a job of several epochs took from a cache that holds a part of its dataset.
 *
 * @param policy of the cache
 * @param shuffled whether each epoch had an order of its own
 * @param readers parallelism
 * @param epochs passes over the dataset
 * @param datasetBytes bytes of the dataset at the origin
 * @param retainableBytes what the cache could retain: its bound less the working memory
 * @param workingBytes memory that readers could work with
 * @param highestWorkingBytes the most that they were seen to
 * @param hitRate share of the bytes of all epochs but the first that were in the cache
 * @param byEpoch the same of each epoch, the first included
 * @param alongEpoch the same by tenths of an epoch, of all epochs but the first
 * @param originBytes bytes that the origin sent, by its own count
 * @param countedOriginBytes bytes from the origin, by the source's statistics
 * @param originRequests reads that the origin saw
 * @param seconds time of the whole job
 */
record HitRate(
    String policy,
    boolean shuffled,
    int readers,
    int epochs,
    long datasetBytes,
    long retainableBytes,
    long workingBytes,
    long highestWorkingBytes,
    double hitRate,
    List<Double> byEpoch,
    List<Double> alongEpoch,
    long originBytes,
    long countedOriginBytes,
    long originRequests,
    double seconds) {

  /** How much of the dataset fits: no policy has a higher hit rate with one read an epoch. */
  double bound() {
    return Math.min(1, (double) retainableBytes / datasetBytes);
  }

  /** What was reached of the bound. */
  double ratio() {
    return bound() == 0 ? 0 : hitRate / bound();
  }

  /** What the origin would have sent at the bound. */
  double originBytesAtBound() {
    return datasetBytes * (1 + (epochs - 1) * (1 - bound()));
  }

  /** What it sent, as a multiple of that. */
  double originRatio() {
    return originBytes / originBytesAtBound();
  }

  /** Its name among all jobs of a run. */
  String id() {
    return "%s %s %d %s, %.0f %%"
        .formatted(
            policy,
            shuffled ? "shuffled" : "in order",
            readers,
            readers == 1 ? "reader" : "readers",
            100 * bound());
  }
}
