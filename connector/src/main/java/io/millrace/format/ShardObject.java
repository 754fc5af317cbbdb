// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import io.millrace.storage.ObjectVersion;
import java.util.Optional;

/**
 * An object that belongs to a shard.
 *
 * @param root which of the dataset's roots it lies under: 0, unless the dataset is aligned of
 *     several
 * @param path path below that root, checked to stay there
 * @param version length and time of change as discovery saw them
 * @param hash the published hash of its stored bytes, where there is one
 */
public record ShardObject(
    int root, String path, ObjectVersion version, Optional<ContentHash> hash) {

  /** An object under the dataset's only root. */
  public ShardObject(String path, ObjectVersion version, Optional<ContentHash> hash) {
    this(0, path, version, hash);
  }

  /** The same object of a dataset that is one of several. */
  public ShardObject under(int newRoot) {
    return new ShardObject(newRoot, path, version, hash);
  }
}
