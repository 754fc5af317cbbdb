// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.DatasetChangedException;
import io.millrace.format.GenerationListing;
import io.millrace.format.PackedShards;
import io.millrace.format.ShardList;
import io.millrace.sample.Schema;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Sorts the entries of an index that grows at its end into generations, by their places. */
final class IndexGenerations {

  private final ObjectLocation root;
  private final long[] known;
  private final long next;
  private final List<PackedShards.Builder> generations = new ArrayList<>();
  private int generation;
  private int entries;

  IndexGenerations(ObjectLocation root, long[] known, long next) {
    this.root = root;
    this.known = known.clone();
    this.next = next;
    for (int i = 0; i <= known.length; i++) {
      generations.add(new PackedShards.Builder());
    }
  }

  /** Takes the next entry. */
  void add(int number, MdsFormat.EntryShard shard) throws IOException {
    entries = number + 1;
    while (generation < known.length && entries > known[generation]) {
      generation++;
    }
    PackedShards.Builder shards = generations.get(generation);
    if (generation == known.length) {
      if (entries <= next) {
        shards.add(shard.numbered(shards.size()));
      }
      return;
    }
    try {
      shards.add(shard.numbered(shards.size()));
    } catch (FileNotFoundException | CorruptObjectException e) {
      throw new DatasetChangedException(root, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * What was found.
   *
   * @param expected the fields that the dataset had
   * @param found those that it has
   */
  GenerationListing build(Schema expected, Schema found) throws DatasetChangedException {
    long counted = known.length == 0 ? 0 : known[known.length - 1];
    if (entries < counted) {
      throw new DatasetChangedException(
          root, "its index names " + entries + " shards, but " + counted + " were there before");
    }
    if (!found.equals(expected)) {
      throw new DatasetChangedException(
          root, "its fields are " + found + ", but the job was built for " + expected);
    }
    List<ShardList> lists = new ArrayList<>();
    generations.forEach(shards -> lists.add(shards.build()));
    return new GenerationListing(
        lists.subList(0, known.length),
        lists.get(known.length),
        entries == 0 ? Long.MIN_VALUE : entries);
  }
}
