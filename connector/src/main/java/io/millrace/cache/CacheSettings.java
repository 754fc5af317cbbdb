// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

/**
 * How a cache is made.
 *
 * @param memoryBytes the bound on everything that it holds and lends, at least 1
 * @param policy what stays when not everything fits: one of {@link CachePolicies#names}
 */
public record CacheSettings(long memoryBytes, String policy) {

  public CacheSettings {
    if (memoryBytes < 1) {
      throw new IllegalArgumentException(
          "Cannot make a cache of " + memoryBytes + " bytes; set cache.memory.size to at least 1");
    }
    CachePolicies.checkName(policy);
  }
}
