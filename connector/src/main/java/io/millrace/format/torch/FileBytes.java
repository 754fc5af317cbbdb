// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;

/**
 * A file's bytes in memory, and where they come from.
 *
 * @param object where the file lies, for messages
 * @param bytes its content
 * @param inflated whether the object is a compressed file, so that offsets count in what it
 *     inflates to
 * @param intact whether its checksums are known to match, and need not be computed
 */
record FileBytes(ObjectLocation object, ByteChunks bytes, boolean inflated, boolean intact) {

  long length() {
    return bytes.length();
  }

  /** Two bytes as a little-endian unsigned integer. */
  int u16(long offset) {
    return (bytes.getByte(offset) & 0xff) | (bytes.getByte(offset + 1) & 0xff) << 8;
  }

  /** Four bytes as a little-endian unsigned integer. */
  long u32(long offset) {
    return bytes.getUnsignedInt(offset);
  }

  /** Eight bytes as a little-endian integer, of which those from 2⁶³ on are negative. */
  long i64(long offset) {
    return bytes.getLong(offset);
  }

  CorruptObjectException corrupt(long offset, String problem) {
    return new CorruptObjectException(
        object, offset, inflated ? "in the inflated bytes: " + problem : problem);
  }
}
