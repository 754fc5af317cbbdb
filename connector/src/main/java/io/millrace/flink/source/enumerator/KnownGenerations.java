// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.format.GenerationListing;
import io.millrace.format.ShardList;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a dataset that grows, between two looks at it. Immutable, so that the thread
 * that looks and the enumerator's may both have it.
 *
 * @param generations what a checkpoint holds
 * @param opened objects of the open generation; null without one, or before the first look
 * @param held all their shards as they were last listed; none before the first look
 * @param seen the newest mark of the last look, {@link Long#MIN_VALUE} before the first one
 */
record KnownGenerations(
    Generations generations, @Nullable ObjectsDigest opened, List<ShardList> held, long seen) {

  KnownGenerations {
    held = List.copyOf(held);
  }

  static KnownGenerations restored(Generations generations) {
    return new KnownGenerations(generations, null, List.of(), Long.MIN_VALUE);
  }

  /** The marks to list by: of what is finished, and of the open generation. */
  long[] marks() {
    return new long[] {generations.finished().mark(), generations.mark()};
  }

  /** Where a next generation may end. */
  long nextMark(boolean completeWhenSeen) {
    return completeWhenSeen ? Long.MAX_VALUE : Math.max(generations.mark(), seen);
  }

  /** The same, after a look that found everything as it was. */
  KnownGenerations listed(GenerationListing listing, ObjectsDigest nowOpened) {
    return new KnownGenerations(
        generations,
        generations.open().isPresent() ? nowOpened : null,
        listing.known(),
        listing.newest());
  }

  /**
   * After the open generation, if there is one, was wholly assigned and the next one opened.
   *
   * @param end where the one that was open ends
   */
  KnownGenerations advanced(GenerationStart end, Candidate next) {
    Generations.Finished finished = generations.finished();
    if (generations.open().isPresent()) {
      finished =
          new Generations.Finished(
              end, finished.objects().plus(Objects.requireNonNull(opened)), generations.mark());
    }
    List<ShardList> shards = new ArrayList<>(held);
    shards.add(next.shards());
    return new KnownGenerations(
        new Generations(finished, Optional.of(new Generations.Open(next.manifest(), next.mark()))),
        next.objects(),
        shards,
        seen);
  }

  /**
   * A generation that can be opened.
   *
   * @param shards its shards, numbered from 0
   * @param manifest their digest
   * @param objects the digest of their objects
   * @param mark where it ends
   */
  record Candidate(ShardList shards, ManifestDigest manifest, ObjectsDigest objects, long mark) {

    static Candidate of(ShardList shards, long mark) {
      return new Candidate(shards, ManifestDigest.of(shards), ObjectsDigest.of(shards), mark);
    }
  }
}
