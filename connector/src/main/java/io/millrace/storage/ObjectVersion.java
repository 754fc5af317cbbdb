// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.Serializable;

/**
 * What tells one content of an object from another.
 *
 * @param length bytes
 * @param modifiedMillis time of the last change in milliseconds since 1970, 0 where the store has
 *     none
 * @param tag the store's own version or entity tag, empty where it has none
 */
public record ObjectVersion(long length, long modifiedMillis, String tag) implements Serializable {

  public ObjectVersion {
    if (length < 0) {
      throw new IllegalArgumentException("Cannot use a negative object length: " + length);
    }
  }

  /** This version as far as copies of an object in different stores have it in common. */
  ObjectVersion withLengthOnly() {
    return new ObjectVersion(length, 0, "");
  }

  /**
   * Whether nothing that both versions tell speaks against their being the same content. Not
   * transitive: a version without a time or tag agrees with any.
   */
  public boolean agreesWith(ObjectVersion other) {
    return length == other.length
        && (modifiedMillis == other.modifiedMillis
            || modifiedMillis == 0
            || other.modifiedMillis == 0)
        && (tag.equals(other.tag) || tag.isEmpty() || other.tag.isEmpty());
  }
}
