// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.storage.ByteChunks;

/**
 * A part of some memory.
 *
 * @param bytes the memory
 * @param begin where the part begins in it
 * @param length bytes of the part
 */
record Region(ByteChunks bytes, long begin, long length) {

  long end() {
    return begin + length;
  }
}
