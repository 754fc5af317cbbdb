// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectVersion;

/**
 * A byte range of one version of an object that is fetched and cached as one. Extents of an object
 * never overlap.
 *
 * @param object the object
 * @param version which content of it
 * @param offset first byte
 * @param length bytes, at least 1
 */
public record Extent(ObjectLocation object, ObjectVersion version, long offset, long length) {

  public Extent {
    if (offset < 0 || length < 1 || offset + length > version.length()) {
      throw new IllegalArgumentException(
          "Cannot use an extent of "
              + length
              + " bytes at offset "
              + offset
              + " of "
              + object
              + ", which has "
              + version.length());
    }
  }
}
