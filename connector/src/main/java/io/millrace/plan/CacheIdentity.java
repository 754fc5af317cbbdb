// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

/**
 * Names a cache, the same across restarts of its process where the cache itself survives them (a
 * disk cache's UUID), so that it is given the same shards again. Readers that share a cache share
 * its identity.
 *
 * @param value not blank; compared as it is
 */
public record CacheIdentity(String value) {
  public CacheIdentity {
    if (value.isBlank()) {
      throw new IllegalArgumentException("Cannot name a cache: the identity is blank");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
