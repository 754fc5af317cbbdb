// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.flink.source.enumerator.KnownGenerations.Candidate;
import io.millrace.format.DatasetChangedException;
import io.millrace.format.GenerationListing;
import io.millrace.format.Shard;
import io.millrace.format.ShardList;
import io.millrace.format.ShardObject;
import io.millrace.storage.ObjectLocation;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a look at a dataset that grows found: that all is there as it was, and perhaps a next
 * generation.
 *
 * @param before what was known when it began
 * @param after the same, as it was found
 * @param open shards of the open generation
 * @param next what was added
 */
record DatasetLook(
    KnownGenerations before, KnownGenerations after, ShardList open, Optional<Candidate> next) {

  /**
   * Looks. Blocks on the store.
   *
   * @throws DatasetChangedException if the dataset changed otherwise than by what was added to it
   * @throws IllegalStateException if it is not the one that a checkpoint was taken of
   * @throws IOException if it cannot be listed now
   */
  static DatasetLook at(GenerationDiscovery discovery, KnownGenerations known) throws IOException {
    long nextMark = known.nextMark(discovery.isCompleteWhenSeen());
    GenerationListing listing = discovery.find(known.marks(), nextMark);
    ShardList finished = listing.known().get(0);
    ShardList open = listing.known().get(1);
    checkUnchanged(discovery, known, finished, open);
    Optional<Candidate> next =
        listing.next().isEmpty()
            ? Optional.empty()
            : Optional.of(Candidate.of(listing.next(), Math.min(nextMark, listing.newest())));
    return new DatasetLook(known, known.listed(listing, ObjectsDigest.of(open)), open, next);
  }

  private static void checkUnchanged(
      GenerationDiscovery discovery, KnownGenerations known, ShardList finished, ShardList open)
      throws DatasetChangedException {
    ObjectsDigest expected = known.generations().finished().objects();
    ObjectsDigest found = ObjectsDigest.of(finished);
    ManifestDigest foundOpen = ManifestDigest.of(open);
    Optional<ManifestDigest> expectedOpen =
        known.generations().open().map(Generations.Open::manifest);
    if (found.equals(expected) && foundOpen.equals(expectedOpen.orElse(foundOpen))) {
      return;
    }
    if (!known.held().isEmpty()) {
      throw new DatasetChangedException(
          discovery.location(), difference(discovery, known.held(), List.of(finished, open)));
    }
    if (!found.equals(expected)) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot restore from the checkpoint: dataset changed since the checkpoint: of what was read it had %d objects (%s), now it has %d (%s)",
              expected.objects(),
              expected.sum().substring(0, 12),
              found.objects(),
              found.sum().substring(0, 12)));
    }
    foundOpen.checkRestores(expectedOpen.orElseThrow());
  }

  /** Names the first object that is not as it was. */
  private static String difference(
      GenerationDiscovery discovery, List<ShardList> before, List<ShardList> now) {
    Map<String, Long> lengths = new HashMap<>();
    for (ShardList shards : before) {
      for (Shard shard : shards) {
        for (ShardObject object : shard.objects()) {
          lengths.put(object.path(), object.version().length());
        }
      }
    }
    String added = null;
    for (ShardList shards : now) {
      for (Shard shard : shards) {
        for (ShardObject object : shard.objects()) {
          long length = object.version().length();
          Long was = lengths.remove(object.path());
          if (was != null && was != length) {
            return nameOf(discovery, object.path()) + " had " + was + " bytes and has " + length;
          }
          added = was == null && added == null ? object.path() : added;
        }
      }
    }
    if (added != null) {
      return nameOf(discovery, added)
          + " was added, but "
          + (discovery.isCompleteWhenSeen()
              ? "shards must be added at the end of the index"
              : "with a modification time that is not later than that of files that were read;"
                  + " give it a later one");
    }
    return lengths.keySet().stream()
        .sorted()
        .findFirst()
        .map(
            path ->
                nameOf(discovery, path)
                    + " is not there any more as it was: deleted, moved or written anew")
        .orElse("its shards are in another order");
  }

  private static ObjectLocation nameOf(GenerationDiscovery discovery, String path) {
    return discovery.location().resolve(path);
  }
}
