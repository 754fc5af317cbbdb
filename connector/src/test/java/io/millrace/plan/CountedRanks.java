// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

import java.util.OptionalLong;
import java.util.function.LongToIntFunction;

/** An epoch's ranks as the enumerator offers them; counts the questions. */
final class CountedRanks implements Ownership.UnassignedRanks {
  final long ranks;
  private final LongToIntFunction shards;
  EpochProgress progress;
  long nextCalls;
  long shardCalls;

  CountedRanks(int epoch, long ranks, LongToIntFunction shards) {
    this.ranks = ranks;
    this.shards = shards;
    this.progress = EpochProgress.start(epoch);
  }

  boolean isComplete() {
    return progress.isComplete(ranks);
  }

  @Override
  public int order() {
    return progress.epoch();
  }

  @Override
  public OptionalLong nextFrom(long rank) {
    nextCalls++;
    return progress.nextUnassigned(rank, ranks);
  }

  @Override
  public int shardOf(long rank) {
    shardCalls++;
    return shards.applyAsInt(rank);
  }
}
