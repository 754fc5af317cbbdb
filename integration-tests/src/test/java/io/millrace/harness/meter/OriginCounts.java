// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.meter;

/**
 * How often and how much.
 *
 * @param requests requests that arrived
 * @param bytesRead bytes of bodies that the origin sent; those on their way to a client that had
 *     gone are among them
 * @param bytesWritten bytes of bodies that the origin received
 */
public record OriginCounts(long requests, long bytesRead, long bytesWritten) {

  /** Nothing yet. */
  public static final OriginCounts NONE = new OriginCounts(0, 0, 0);

  /** The sum of both. */
  public OriginCounts plus(OriginCounts other) {
    return new OriginCounts(
        requests + other.requests, bytesRead + other.bytesRead, bytesWritten + other.bytesWritten);
  }

  /** What came after the other. */
  public OriginCounts minus(OriginCounts earlier) {
    return new OriginCounts(
        requests - earlier.requests,
        bytesRead - earlier.bytesRead,
        bytesWritten - earlier.bytesWritten);
  }
}
