// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import java.util.Optional;

/**
 * How an enumerator comes to know which units there are. Used by the enumerator's thread; reads the
 * dataset on worker threads.
 */
sealed interface UnitFeed permits FixedUnits, GrowingUnits {

  /**
   * Begins to read the dataset.
   *
   * @param found called in the enumerator's thread whenever something was found. What cannot be
   *     mended is thrown there, which fails the job
   */
  void start(Runnable found);

  /** The units to go on with; empty before something was found. */
  Optional<UnitTable> first();

  /**
   * Opens the generation after the newest one, all of which is assigned; empty if there is none
   * yet.
   */
  Optional<UnitTable> next();

  /**
   * The units of the epochs that are opened after {@link #first}'s, if they are others: the same
   * and further ones.
   */
  default Optional<UnitTable> later() {
    return Optional.empty();
  }

  /**
   * Whether the dataset is another one than that of the checkpoint, so that an epoch begins anew
   * with it.
   */
  default boolean isChanged() {
    return false;
  }

  /** Which shards were found at first, as checkpoints hold it; empty where shards may be added. */
  Optional<ManifestDigest> manifest();

  /**
   * Which shards epochs have, as checkpoints hold it.
   *
   * @param newest the units of the newest open epoch: {@link #first} or {@link #later}
   */
  default EpochShards shards(UnitTable newest) {
    return EpochShards.NONE;
  }

  /** Which shards were counted where shards may be added, else empty. */
  Optional<Generations> generations();
}
