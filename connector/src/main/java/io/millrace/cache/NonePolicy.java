// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import org.jspecify.annotations.Nullable;

/** Keeps nothing: what comes from the cache is only what another reader holds at the moment. */
final class NonePolicy implements CachePolicy {

  static final String NAME = "none";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean admits(Extent newcomer) {
    return false;
  }

  @Override
  public void onUnpinned(Extent extent) {
    throw new IllegalStateException("Cannot keep " + extent + " under policy " + NAME);
  }

  @Override
  public void onPinnedOrRemoved(Extent extent) {}

  @Override
  public @Nullable Extent victim(@Nullable Extent newcomer) {
    return null;
  }
}
