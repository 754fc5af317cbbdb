// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

/**
 * A range of an object's bytes.
 *
 * @param offset first byte
 * @param length number of bytes
 */
public record ByteRange(long offset, long length) {

  public ByteRange {
    if (offset < 0 || length < 0 || offset + length < 0) {
      throw new IllegalArgumentException(
          "Cannot use a range of " + length + " bytes at offset " + offset);
    }
  }

  /** First byte after the range. */
  public long end() {
    return offset + length;
  }
}
