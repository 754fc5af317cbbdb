// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import io.millrace.sample.Schema;
import io.millrace.storage.ObjectLocation;
import java.io.IOException;
import java.util.List;

/** Puts datasets in partitions together to one, in the order in which they are given. */
public final class PartitionedDataset {

  private PartitionedDataset() {}

  /**
   * The datasets as one: their shards one after the other, with the partition's directory before
   * their names and the paths of their objects.
   *
   * @param root of the whole
   * @param directories below it, at least one
   * @param parts the dataset in each
   * @throws IOException if they differ in format or fields; the message names two that do
   */
  public static DatasetManifest join(
      ObjectLocation root, List<String> directories, List<DatasetManifest> parts)
      throws IOException {
    DatasetManifest first = parts.get(0);
    PackedShards.Builder shards = new PackedShards.Builder();
    for (int i = 0; i < parts.size(); i++) {
      DatasetManifest part = parts.get(i);
      if (!part.format().equals(first.format())) {
        throw new IOException(
            "the dataset in "
                + directories.get(i)
                + " is "
                + part.format()
                + ", but that in "
                + directories.get(0)
                + " is "
                + first.format()
                + ": partitions of a table are of one format");
      }
      checkFields(directories.get(0), first.schema(), directories.get(i), part.schema());
      String prefix = directories.get(i) + "/";
      for (Shard shard : part.shards()) {
        shards.add(moved(shard, shards.size(), prefix));
      }
    }
    return new DatasetManifest(first.format(), root, first.schema(), shards.build());
  }

  /**
   * Checks that two partitions have the same fields.
   *
   * @throws IOException naming both
   */
  public static void checkFields(
      String directory, Schema schema, String otherDirectory, Schema otherSchema)
      throws IOException {
    if (!schema.equals(otherSchema)) {
      throw new IOException(
          "the fields in "
              + otherDirectory
              + " are "
              + otherSchema
              + ", but those in "
              + directory
              + " are "
              + schema
              + ": partitions of a table have the same; make it another table");
    }
  }

  private static Shard moved(Shard shard, int index, String prefix) {
    List<ShardObject> objects =
        shard.objects().stream()
            .map(
                object ->
                    new ShardObject(
                        object.root(), prefix + object.path(), object.version(), object.hash()))
            .toList();
    return new Shard(index, prefix + shard.name(), shard.cut(), objects, shard.descriptor());
  }
}
