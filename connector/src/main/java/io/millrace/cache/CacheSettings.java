// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import io.millrace.cache.compression.CompressionMode;
import java.time.Duration;

/**
 * How a cache is made.
 *
 * @param memoryBytes the bound on everything that it holds and lends, at least 1
 * @param policy what stays when not everything fits: one of {@link CachePolicies#names}
 * @param compression what is done to the bytes that stay
 * @param ttl how long after its fetch an extent is served at most; {@link #NO_TTL} for ever
 */
public record CacheSettings(
    long memoryBytes, String policy, CompressionMode compression, Duration ttl) {

  /** Extents do not age. */
  public static final Duration NO_TTL = Duration.ZERO;

  public CacheSettings {
    if (memoryBytes < 1) {
      throw new IllegalArgumentException(
          "Cannot make a cache of " + memoryBytes + " bytes; set cache.memory.size to at least 1");
    }
    CachePolicies.checkName(policy);
    if (ttl.isNegative()) {
      throw new IllegalArgumentException(
          "Cannot make a cache whose extents age within " + ttl + "; set cache.ttl to more than 0");
    }
  }

  /** Without a bound on the age of extents. */
  public CacheSettings(long memoryBytes, String policy, CompressionMode compression) {
    this(memoryBytes, policy, compression, NO_TTL);
  }

  /** A cache that compresses nothing. */
  public CacheSettings(long memoryBytes, String policy, Duration ttl) {
    this(memoryBytes, policy, CompressionMode.NONE, ttl);
  }

  /** A cache that compresses nothing and whose extents do not age. */
  public CacheSettings(long memoryBytes, String policy) {
    this(memoryBytes, policy, CompressionMode.NONE);
  }
}
