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
}
