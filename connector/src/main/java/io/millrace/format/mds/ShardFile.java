// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.mds.IndexNode.Place;
import java.util.Map;

/**
 * What an index says of one file.
 *
 * @param path below the directory of the index, not checked yet
 * @param bytes its length
 * @param hashes hexadecimal digest by algorithm; lower case
 * @param place where the index says so
 */
record ShardFile(String path, long bytes, Map<String, String> hashes, Place place) {

  ShardFile {
    hashes = Map.copyOf(hashes);
  }
}
