// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import java.util.concurrent.atomic.AtomicInteger;

/** A job that goes through everything, and says when it begins an epoch. */
public final class EpochPlan implements AccessPlan {

  private final AtomicInteger begun = new AtomicInteger();

  public void beginEpoch() {
    begun.incrementAndGet();
  }

  @Override
  public double readsPerEpoch(Extent extent) {
    return 1;
  }

  @Override
  public int epochsBegun() {
    return begun.get();
  }
}
