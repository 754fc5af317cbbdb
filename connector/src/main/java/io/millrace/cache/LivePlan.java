// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

/**
 * A plan, and since which use of an extent its job may be taken to read it still.
 *
 * <p>A plan tells how often a dataset is read, not which shards of it are read here. When those get
 * other homes, what was kept of them would stay for ever. So extents are forgotten that were not
 * used for two whole epochs of the job: one is not enough, for another cache may read a unit in an
 * epoch to help. Use by whatever job counts.
 */
final class LivePlan {

  final AccessPlan plan;
  private int epochs;

  // Numbers of the last use before the newest epoch began, the one before it, and that before them.
  // 0 for one that was not whole.
  private long newest;
  private long second;
  private long third;

  LivePlan(AccessPlan plan) {
    this.plan = plan;
    this.epochs = plan.epochsBegun();
  }

  /**
   * Looks whether an epoch began since the last time.
   *
   * @param uses number of the last use of any extent
   */
  boolean noticesEpoch(long uses) {
    int begun = plan.epochsBegun();
    if (begun == epochs) {
      return false;
    }
    third = second;
    second = newest;
    newest = epochs == 0 ? 0 : uses;
    epochs = begun;
    return true;
  }

  /** Whether an extent that was used last with this number was not read for so long. */
  boolean forgets(long use) {
    return use <= third;
  }
}
