// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One change of a good set.
 *
 * @param what for the one who reads a failure
 * @param files all objects, the changed ones too
 */
record FuzzMutation(Kind kind, FuzzSet set, String what, Map<String, byte[]> files) {

  /** What was aimed at. */
  enum Kind {
    /** Bytes of a stored object. */
    OBJECT,
    /** The content of a shard, stored anew without a fault in its compression or its length. */
    CONTENT,
    /** The index, but for its hashes. */
    INDEX,
    /** The index's hashes, whatever is changed. */
    HASHES,
    /** The index's hashes: every digest of the stored files is a wrong one. */
    DIGESTS
  }

  /** The paths of objects, without the index, whose bytes are not what they were. */
  Set<String> changed() {
    Set<String> changed = new TreeSet<>();
    for (var file : set.files().entrySet()) {
      boolean same = Arrays.equals(file.getValue(), files.get(file.getKey()));
      if (!same && !file.getKey().equals(FuzzSet.INDEX)) {
        changed.add(file.getKey());
      }
    }
    return changed;
  }

  @Override
  public String toString() {
    return kind + " of " + set.name() + " with hashes " + set.hashes() + ": " + what;
  }
}
