// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import io.millrace.storage.ObjectVersion;
import java.util.Optional;

/**
 * An object that belongs to a shard.
 *
 * @param path path below the dataset's root, checked to stay there
 * @param version length and time of change as discovery saw them
 * @param hash the published hash of its stored bytes, where there is one
 */
public record ShardObject(String path, ObjectVersion version, Optional<ContentHash> hash) {}
