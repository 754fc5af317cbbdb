// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.ledger;

/**
 * Where a sample lies in its dataset.
 *
 * @param shard name of the shard
 * @param sample index in the shard, from 0 on
 */
public record SamplePlace(String shard, long sample) {

  /** Returns a form such as {@code shard.00003.mds #17}. */
  @Override
  public String toString() {
    return shard + " #" + sample;
  }
}
