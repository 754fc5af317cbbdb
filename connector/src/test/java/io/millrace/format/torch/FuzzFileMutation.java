// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import java.util.List;

/**
 * One change of a good file.
 *
 * @param what for the one who reads a failure
 * @param content what is stored, or compressed
 * @param stored the changed file
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FuzzFileMutation(Kind kind, FuzzFile file, String what, byte[] content, byte[] stored) {

  /** What was aimed at. */
  enum Kind {
    /** Any bytes of the stored file. */
    STORED,
    /** What checksums cover, or elements of the legacy layout. */
    ELEMENTS,
    /** Numbers in the headers of an archive, or anywhere in the legacy layout. */
    NUMBERS,
    /** The pickle, with right checksums around it. */
    PICKLE
  }

  /** Whether any byte in some ranges is not what it was, and the length is. */
  boolean changesIn(List<long[]> ranges) {
    byte[] before = file.content();
    for (int i = 0; before.length == content.length && i < before.length; i++) {
      if (before[i] != content[i] && FuzzFile.contains(ranges, i)) {
        return true;
      }
    }
    return false;
  }

  /** Whether no byte outside of some ranges has changed. */
  boolean changesOnlyIn(List<long[]> ranges) {
    byte[] before = file.content();
    for (int i = 0; before.length == content.length && i < before.length; i++) {
      if (before[i] != content[i] && !FuzzFile.contains(ranges, i)) {
        return false;
      }
    }
    return before.length == content.length;
  }

  @Override
  public String toString() {
    return kind + " of " + file.name() + ": " + what;
  }
}
