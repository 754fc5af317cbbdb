// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

/** What a cache did since it was made or its counters were reset. Guarded by the cache's lock. */
final class CacheCounters {

  long evictions;
  long rejections;
  long expirations;

  /** How often an extent was compressed. */
  long compressions;

  void reset() {
    evictions = 0;
    rejections = 0;
    expirations = 0;
    compressions = 0;
  }
}
