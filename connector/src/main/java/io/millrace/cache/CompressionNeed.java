// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import io.millrace.cache.compression.CompressionMode;
import java.util.List;

/**
 * Whether a cache has a reason to compress what it retains, as the live plans are. Called under the
 * cache's lock.
 */
final class CompressionNeed {

  /** What extents take beyond their bytes, on a guess. */
  private static final double BOOKKEEPING_SHARE = 0.02;

  private final CompressionMode mode;
  private final long roomForAll;
  private boolean plansFit;

  CompressionNeed(CacheSettings settings) {
    this.mode = settings.compression();
    // The other half may be worked with.
    this.roomForAll = settings.memoryBytes() / 2;
  }

  void setPlans(List<AccessPlan> plans) {
    double bytes = 0;
    for (AccessPlan plan : plans) {
      bytes += plan.bytes();
    }
    plansFit = !plans.isEmpty() && bytes * (1 + BOOKKEEPING_SHARE) <= roomForAll;
  }

  boolean exists() {
    return switch (mode) {
      case AUTO -> !plansFit;
      case ZSTD -> true;
      case NONE -> false;
    };
  }
}
