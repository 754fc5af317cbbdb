// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.flink.scan.OnChange;
import io.millrace.flink.source.enumerator.EpochShards.Generation;
import io.millrace.format.DatasetChangedException;
import io.millrace.format.DatasetManifest;
import io.millrace.format.GenerationListing;
import io.millrace.format.ShardList;
import io.millrace.storage.ObjectLocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Finds the dataset of a scan with epochs, and compares it with the one that a checkpoint counts.
 *
 * @param dataset finds it as it lies
 * @param growth finds it by marks; null if what is added to it cannot be told from what was there
 * @param onChange what is done about one that has changed
 */
@Internal
public record EpochDiscovery(
    Callable<DatasetManifest> dataset, @Nullable GenerationDiscovery growth, OnChange onChange) {

  /**
   * Finds it for a scan that goes on from no checkpoint. Blocks on the store.
   *
   * @throws Exception if it cannot be found
   */
  EpochDataset find() throws Exception {
    return whole(dataset.call(), 0, false);
  }

  /**
   * Finds it for one that does. Blocks on the store.
   *
   * @param manifest digest of the shards that were found at first
   * @throws IllegalStateException if it has changed in a way that the option does not allow
   * @throws Exception if it cannot be found
   */
  EpochDataset restore(ManifestDigest manifest, EpochShards counted) throws Exception {
    return counted.generations().size() > 1 ? byMarks(counted) : inOneListing(manifest, counted);
  }

  private EpochDataset inOneListing(ManifestDigest manifest, EpochShards counted) throws Exception {
    DatasetManifest found = dataset.call();
    ManifestDigest digest = ManifestDigest.of(found);
    if (digest.equals(manifest)) {
      return whole(found, counted.incarnation(), false);
    }
    return switch (onChange) {
      case FAIL -> throw changed(digest.differenceTo(manifest));
      case RESTART_EPOCH -> whole(found, counted.incarnation() + 1, true);
      case ACCEPT_NEW_SHARDS -> {
        if (counted.generations().isEmpty()) {
          throw changed(
              digest.differenceTo(manifest)
                  + "; which of them were added cannot be told, because the checkpoint does not"
                  + " say where those end that it counts: it is of an earlier Millrace, or of"
                  + " files without a modification time");
        }
        yield byMarks(counted);
      }
    };
  }

  private EpochDataset whole(DatasetManifest found, int incarnation, boolean changed) {
    ManifestDigest digest = ManifestDigest.of(found);
    OptionalLong mark = growth == null ? OptionalLong.empty() : growth.markOf(found.shards());
    List<Generation> generations =
        mark.isPresent() ? List.of(new Generation(digest, mark.getAsLong())) : List.of();
    EpochShards counted =
        new EpochShards(generations, generations.size(), EpochShards.UNKNOWN, incarnation);
    return new EpochDataset(found.root(), found.shards(), found.shards(), digest, counted, changed);
  }

  /** Finds the generations of a checkpoint and what is newer. */
  private EpochDataset byMarks(EpochShards counted) throws Exception {
    if (growth == null) {
      throw changed(
          "it was read with shards that were accepted later, which can be found only in a dataset"
              + " of one part without partitions");
    }
    GenerationListing listing;
    String difference;
    try {
      listing = growth.find(counted.marks(), Long.MAX_VALUE);
      difference = difference(counted, listing, growth);
    } catch (DatasetChangedException e) {
      listing = null;
      difference = String.valueOf(e.getMessage());
    }
    if (listing != null && difference.isEmpty()) {
      return generations(counted, listing, growth.location());
    }
    if (onChange == OnChange.RESTART_EPOCH) {
      return whole(dataset.call(), counted.incarnation() + 1, true);
    }
    throw changed(difference);
  }

  /** What may not be otherwise; empty if it is all as it was, but for what may be added. */
  private String difference(
      EpochShards counted, GenerationListing listing, GenerationDiscovery by) {
    for (int i = 0; i < counted.generations().size(); i++) {
      ManifestDigest was = counted.generations().get(i).manifest();
      ManifestDigest is = ManifestDigest.of(listing.known().get(i));
      if (!is.equals(was)) {
        return String.format(
            Locale.ROOT,
            "of the shards that the checkpoint counts some are not there as they were, or others were added among them, %s: %s",
            by.isCompleteWhenSeen()
                ? "not at the end of the index"
                : "with a modification time that is not later than theirs",
            is.differenceTo(was));
      }
    }
    return onChange == OnChange.ACCEPT_NEW_SHARDS || listing.next().isEmpty()
        ? ""
        : String.format(
            Locale.ROOT,
            "it had %d shards, and %d were added",
            counted.shards(),
            listing.next().size());
  }

  private static EpochDataset generations(
      EpochShards counted, GenerationListing listing, ObjectLocation root) {
    List<Generation> generations = new ArrayList<>(counted.generations());
    List<ShardList> shards = new ArrayList<>(listing.known());
    if (!listing.next().isEmpty()) {
      generations.add(new Generation(ManifestDigest.of(listing.next()), listing.newest()));
      shards.add(listing.next());
    }
    ShardList open = EpochDataset.joined(shards.subList(0, counted.ofEpoch()));
    ShardList all = counted.ofEpoch() == shards.size() ? open : EpochDataset.joined(shards);
    return new EpochDataset(
        root,
        open,
        all,
        generations.get(0).manifest(),
        new EpochShards(generations, counted.ofEpoch(), EpochShards.UNKNOWN, counted.incarnation()),
        false);
  }

  private IllegalStateException changed(String difference) {
    return new IllegalStateException(
        "Cannot restore from the checkpoint: dataset changed since the checkpoint: "
            + difference
            + "; "
            + onChange.setting()
            + " does not allow that: "
            + advice());
  }

  private String advice() {
    return switch (onChange) {
      case FAIL ->
          "bring the dataset back as it was, or set the option to accept-new-shards if shards were"
              + " added only, or to restart-epoch";
      case ACCEPT_NEW_SHARDS, RESTART_EPOCH ->
          "bring the dataset back as it was, or set the option to "
              + OnChange.RESTART_EPOCH.option()
              + ", which reads the epoch once more";
    };
  }
}
