// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what stays when not everything fits. One instance a cache; called only under the cache's
 * lock, with extents as candidates for removal that are not pinned, or of which a compressed form
 * is kept, pinned or not. Must be quick and must not call the cache.
 */
public interface CachePolicy {

  /** How many groups {@link #lifetime} tells apart. */
  int LIFETIMES = 32;

  /** The name that users write: {@code plan}, {@code lru} or {@code none}. */
  String name();

  /** The plans of the jobs that live now; called when one was registered or closed. */
  default void onPlans(List<AccessPlan> live) {}

  /** Whether an extent may stay after its last pin was closed, if there is room for it. */
  default boolean admits(Extent newcomer) {
    return true;
  }

  /**
   * Which of {@link #LIFETIMES} groups an extent belongs to: extents of one group are likely to be
   * removed at about the same time. A store that can only free runs of extents keeps each group's
   * together.
   */
  default int lifetime(Extent extent) {
    return 0;
  }

  /**
   * An extent came to be resident and unpinned, or compressed, or was used again; it may now be
   * chosen.
   */
  void onUnpinned(Extent extent);

  /** An extent was pinned or removed; it must not be chosen until {@link #onUnpinned}. */
  void onPinnedOrRemoved(Extent extent);

  /**
   * Which extent to remove, so that the newcomer has room; null to keep all that can be chosen and
   * let the newcomer go as soon as it is unpinned.
   *
   * @param newcomer what needs room; null when working memory needs it, which is never refused:
   *     then the answer is null only if nothing can be chosen
   */
  @Nullable Extent victim(@Nullable Extent newcomer);
}
