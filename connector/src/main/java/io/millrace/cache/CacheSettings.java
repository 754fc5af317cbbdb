// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import io.millrace.cache.compression.CompressionMode;

/**
 * How a cache is made.
 *
 * @param memoryBytes the bound on everything that it holds and lends, at least 1
 * @param policy what stays when not everything fits: one of {@link CachePolicies#names}
 * @param compression what is done to the bytes that stay
 */
public record CacheSettings(long memoryBytes, String policy, CompressionMode compression) {

  public CacheSettings {
    if (memoryBytes < 1) {
      throw new IllegalArgumentException(
          "Cannot make a cache of " + memoryBytes + " bytes; set cache.memory.size to at least 1");
    }
    CachePolicies.checkName(policy);
  }

  /** A cache that compresses nothing. */
  public CacheSettings(long memoryBytes, String policy) {
    this(memoryBytes, policy, CompressionMode.NONE);
  }
}
