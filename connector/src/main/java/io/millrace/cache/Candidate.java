// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import org.jspecify.annotations.Nullable;

/** An extent that {@link PlanPolicy} may choose, and where it stands in the policy's structures. */
final class Candidate {

  /** Not in a heap. */
  static final int NOWHERE = -1;

  final Extent extent;
  final long use;
  private final long hash;

  /** Changed only while in no heap: it decides the place there. */
  double value;

  long planVersion;
  int heapIndex = NOWHERE;
  @Nullable Candidate previous;
  @Nullable Candidate next;

  /**
   * @param value reads per epoch
   * @param use number of its last use: the higher, the later
   * @param planVersion plans that the value was asked from
   */
  Candidate(Extent extent, double value, long use, long planVersion) {
    this.extent = extent;
    this.value = value;
    this.use = use;
    this.planVersion = planVersion;
    this.hash = hashOf(extent);
  }

  /** Whether this one is removed rather than the other. */
  boolean goesBefore(Candidate other) {
    if (value != other.value) {
      return value < other.value;
    }
    if (value == 0) {
      return use < other.use;
    }
    return Long.compareUnsigned(hash, other.hash) > 0;
  }

  /** The number of halvings below 1, as far as 7, and the quarter within. */
  static int lifetimeOf(Extent extent) {
    long hash = hashOf(extent);
    int halvings = Math.min(CachePolicy.LIFETIMES / 4 - 1, Long.numberOfLeadingZeros(hash));
    return 4 * halvings + (int) (hash << halvings << 1 >>> 62);
  }

  /** The same in every process: of the place, not of the version or of identities. */
  private static long hashOf(Extent extent) {
    return mix(mix(extent.object().uri().hashCode()) + extent.offset());
  }

  /** The finaliser of SplitMix64 (Steele, Lea, Flood, "Fast splittable PRNGs", 2014). */
  private static long mix(long x) {
    long z = x + 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
