// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectVersion;
import java.util.OptionalInt;

/**
 * CRC32C checksums of extents whose object was once read whole and matched its published hash. Kept
 * for the life of the process, so that a later fetch of any single extent is checked without
 * reading the object whole again. Thread-safe.
 */
public interface ExtentChecksums {

  /** Whether this version of the object was verified whole. */
  boolean isVerified(ObjectLocation object, ObjectVersion version);

  /** The checksum recorded for an extent. */
  OptionalInt expected(Extent extent);

  /** Records a checksum of an extent of an object that is being verified. */
  void record(Extent extent, int crc32c);

  /** Marks the object verified: all its extents have their checksum. */
  void markVerified(ObjectLocation object, ObjectVersion version);
}
