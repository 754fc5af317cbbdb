// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.cache.CacheSettings;
import io.millrace.cache.CacheStatistics;
import io.millrace.storage.OriginStatistics;
import java.util.List;
import org.apache.flink.annotation.PublicEvolving;

/**
 * The caches that are open in this process, for programs that embed Flink. A cache is open from its
 * first reader until the last job ends that reads through it. Of jobs whose connector comes with
 * their own jar only those of the caller's class loader are seen.
 */
@PublicEvolving
public final class LocalCaches {

  private LocalCaches() {}

  /** One for each open cache, as it is now. */
  public static List<LocalCache> all() {
    return SharedCaches.open().stream()
        .map(
            cache ->
                new LocalCache(
                    cache.key().cache(), cache.cache().statistics(), cache.counters().snapshot()))
        .toList();
  }

  /**
   * Drops what the open caches hold, except what readers use at the moment: what is read from now
   * on comes from its origin. Counts no evictions.
   */
  public static void clear() {
    SharedCaches.open().forEach(SharedCache::clear);
  }

  /**
   * Sets the counters of the open caches to zero: fetches, evictions, rejections, expirations, and
   * the peak of working memory. Not the contents, nor what was counted at the origin, nor what was
   * counted for scans: see {@link LocalScans#reset}.
   */
  public static void reset() {
    SharedCaches.open().forEach(LocalScans::resetCache);
  }

  /**
   * A cache at one moment.
   *
   * @param settings how it was made
   * @param statistics what it holds and has done
   * @param origin what was asked of the origin on its behalf
   */
  public record LocalCache(
      CacheSettings settings, CacheStatistics statistics, OriginStatistics origin) {}
}
