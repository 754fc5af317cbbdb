// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

/**
 * Counts since the start.
 *
 * @param requests sent to the store, failed and repeated ones too
 * @param bytes that reads brought; those of failed reads are not known and not counted
 * @param failures requests that ended in an error, whether tried again or not
 * @param retries requests that were sent again after an error
 * @param throttled failures because the store was asked too much
 * @param timeouts requests that were given up after the request timeout
 * @param fallbacks requests that another replica than the first one answered; how many requests to
 *     the store each took does not matter
 * @param hedges requests that were sent a second time because they were slow; the slower one of the
 *     two is ended and counts as a failure if it was under way
 */
public record OriginStatistics(
    Requests requests,
    long bytes,
    long failures,
    long retries,
    long throttled,
    long timeouts,
    long fallbacks,
    long hedges) {

  /** Requests by kind. */
  public record Requests(long lists, long statuses, long opens, long reads) {

    public long total() {
      return lists + statuses + opens + reads;
    }
  }
}
