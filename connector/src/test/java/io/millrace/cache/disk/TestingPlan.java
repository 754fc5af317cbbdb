// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import io.millrace.cache.AccessPlan;
import io.millrace.cache.Extent;

/** A job that reads everything once an epoch, and so many bytes. */
record TestingPlan(long bytes) implements AccessPlan {
  @Override
  public double readsPerEpoch(Extent extent) {
    return 1;
  }
}
