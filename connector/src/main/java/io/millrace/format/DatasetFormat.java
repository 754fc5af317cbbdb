// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import io.millrace.sample.Schema;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStatus;
import io.millrace.storage.ObjectStore;
import java.io.IOException;
import java.util.List;

/**
 * One storage format of training data; found by {@link java.util.ServiceLoader}. Implementations
 * have a public constructor without arguments, keep no state and are thread-safe.
 */
public interface DatasetFormat {

  /** The name that users write, such as {@code mds}: lower case, unique among formats. */
  String name();

  /**
   * Whether a directory holds a dataset of this format, judged by what lies directly in it, without
   * reading any object.
   */
  boolean recognises(List<ObjectStatus> children);

  /**
   * Finds the shards of the dataset under a root. Every claim that can be checked without reading
   * samples is checked here: that the objects exist and have the lengths that the index says. May
   * block on the store.
   *
   * @throws io.millrace.storage.CorruptObjectException if the index is damaged or hostile, or an
   *     object's length is not what it says
   * @throws java.io.FileNotFoundException if the root, the index or an object of it is missing
   */
  DatasetManifest discover(ObjectStore store, ObjectLocation root) throws IOException;

  /**
   * Opens one unit of a shard. All reading, verifying and inflating happens here, on the calling
   * thread, which may block; the reader that it returns only decodes memory. The caller closes the
   * reader first and then the input.
   *
   * @param shard a shard of a manifest of this format
   * @param unit 0 … {@code shard.units() - 1}
   * @param input the shard's bytes; what it returns stays valid until the caller closes it
   * @param projection the fields to decode, a subset of the dataset's schema in any order
   * @throws io.millrace.storage.CorruptObjectException if the bytes are not what the format and the
   *     index promise
   */
  ShardReader open(Shard shard, int unit, ShardInput input, Schema projection) throws IOException;
}
