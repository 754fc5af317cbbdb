// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a ledger must hold: every sample of a dataset once in each of some epochs, and no position
 * and no shuffle key twice in an epoch. Immutable.
 */
public final class Expected {

  /** Samples by what tells them apart, {@link #keyOf}; with their content, if it is known. */
  private final Map<Object, Optional<String>> samples;

  private final boolean anywhere;
  private final int epochs;
  private final Optional<Positions> positions;

  /** The positions that an epoch may have. */
  private record Positions(long units, long samplesPerUnit) {}

  private Expected(
      Map<Object, Optional<String>> samples,
      boolean anywhere,
      int epochs,
      Optional<Positions> positions) {
    if (epochs < 0) {
      throw new IllegalArgumentException("Cannot expect " + epochs + " epochs");
    }
    this.samples = samples;
    this.anywhere = anywhere;
    this.epochs = epochs;
    this.positions = positions;
  }

  /**
   * The samples of some shards, whatever they hold.
   *
   * @param samplesOfShards number of samples by name of shard
   * @param epochs passes, from epoch 0 on
   */
  public static Expected counts(Map<String, Long> samplesOfShards, int epochs) {
    Map<Object, Optional<String>> samples = new LinkedHashMap<>();
    samplesOfShards.forEach(
        (shard, count) -> {
          for (long i = 0; i < count; i++) {
            samples.put(new SamplePlace(shard, i), Optional.empty());
          }
        });
    return new Expected(samples, false, epochs, Optional.empty());
  }

  /**
   * Samples whose content is known.
   *
   * @param contents {@link SampleHash}, or the token that the job writes instead, by place
   * @param epochs passes, from epoch 0 on
   */
  public static Expected contents(Map<SamplePlace, String> contents, int epochs) {
    Map<Object, Optional<String>> samples = new LinkedHashMap<>();
    contents.forEach((place, content) -> samples.put(place, Optional.of(content)));
    return new Expected(samples, false, epochs, Optional.empty());
  }

  /**
   * Samples whose content is known, but not the shards that they are put into, as where a format
   * makes groups of small files. No two places may be the same in an epoch.
   *
   * @param contents one a sample, all different
   * @param epochs passes, from epoch 0 on
   * @throws IllegalArgumentException if two are the same
   */
  public static Expected anywhere(Collection<String> contents, int epochs) {
    Map<Object, Optional<String>> samples = new LinkedHashMap<>();
    for (String content : contents) {
      if (samples.put(content, Optional.of(content)) != null) {
        throw new IllegalArgumentException(
            "Cannot tell samples by their content: two are '" + content + "'");
      }
    }
    return new Expected(samples, true, epochs, Optional.empty());
  }

  /**
   * What a dataset holds, read here and now, each shard once, by its format but without a job, a
   * cache or a prefetcher. Published hashes are verified. Blocks on the store.
   *
   * @param root directory of the dataset, a URI of a file system of Flink's; no aligned dataset
   * @param epochs passes, from epoch 0 on
   * @param fields those that the job reads, in its order; all if none are named
   * @throws IOException if the dataset cannot be read, or is damaged
   */
  public static Expected reading(String root, int epochs, String... fields) throws IOException {
    return contents(DatasetContents.read(root, fields), epochs);
  }

  /** As {@link #reading(String, int, String...)}, of a local directory. */
  public static Expected reading(Path root, int epochs, String... fields) throws IOException {
    return reading(root.toUri().toString(), epochs, fields);
  }

  /**
   * The same, whose positions are besides checked to be those of a dataset of so many units.
   *
   * @param samplesPerUnit of the largest one
   */
  public Expected withPositions(long units, long samplesPerUnit) {
    return new Expected(
        samples, anywhere, epochs, Optional.of(new Positions(units, samplesPerUnit)));
  }

  /** Number of entries of a ledger that holds all. */
  public long entries() {
    return (long) samples.size() * epochs;
  }

  /**
   * Compares with what one ledger holds, or several together.
   *
   * @return the differences; never fails for them, see {@link Comparison#check}
   */
  public Comparison compare(Collection<LedgerEntry> entries) {
    return new ComparisonBuilder(this).add(entries).build();
  }

  int epochs() {
    return epochs;
  }

  Map<Object, Optional<String>> samples() {
    return samples;
  }

  /** What tells an entry's sample from the others of its epoch. */
  Object keyOf(LedgerEntry entry) {
    return anywhere ? entry.content() : entry.place();
  }

  boolean hasPosition(long rank, long place) {
    return positions.isEmpty()
        || (rank >= 0
            && rank < positions.get().units()
            && place >= 0
            && place < positions.get().samplesPerUnit());
  }
}
