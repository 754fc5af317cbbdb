// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import io.millrace.sample.Schema;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStore;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * A format of whose datasets the shards that are added can be told from those that were there
 * before, also by a process that has not seen them before.
 *
 * <p>What is added has a <em>mark</em>: a number that is higher than the marks of all that was
 * there, such as a place in an index that grows at its end, or the time at which a file was
 * written. The shards up to a mark, and after that of the generation before, are a
 * <em>generation</em>; they depend on nothing that is added later.
 */
public interface GrowingFormat extends DatasetFormat {

  /**
   * Finds the shards of some generations, each numbered from 0. Reads no samples; else as {@link
   * #discover(ObjectStore, ObjectLocation)}. May block on the store.
   *
   * @param schema the dataset's fields, as they were found before
   * @param known the last marks of the generations that are known, ascending; an empty one has the
   *     mark of the one before
   * @param next the last mark of the generation after these; what is marked higher is not returned
   * @throws DatasetChangedException if what belongs to a known generation can no longer be had, or
   *     if what was added does not go with the fields
   * @throws IOException if the dataset cannot be listed now, as while its index is being written
   */
  GenerationListing discover(
      ObjectStore store, ObjectLocation root, Schema schema, long[] known, long next)
      throws IOException;

  /**
   * As {@link #discover(ObjectStore, ObjectLocation, Schema, long[], long)}, of a dataset that
   * {@link #discoverLeniently(ObjectStore, ObjectLocation)} found.
   */
  default GenerationListing discoverLeniently(
      ObjectStore store, ObjectLocation root, Schema schema, long[] known, long next)
      throws IOException {
    return discover(store, root, schema, known, next);
  }

  /**
   * The mark of all shards of a dataset that was found without marks: a generation up to it has the
   * same shards, in the same order, as long as none is added or changed.
   *
   * @return empty if what is added later could not be told from them
   */
  OptionalLong markOf(ShardList shards);

  /**
   * Whether what can be seen is complete. If not, files may be seen while they are being written:
   * then a generation may end only at a mark that was the newest one at an earlier look, so that
   * nothing of it has been changed since.
   */
  boolean isCompleteWhenSeen();
}
