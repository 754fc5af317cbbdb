// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.sample.DType;
import io.millrace.storage.ByteChunks;

/**
 * The bytes that tensors are views of. Several may share one.
 *
 * @param bytes memory that it lies in
 * @param begin where it begins there
 * @param dtype type of its elements
 * @param elements how many there are; all of them lie within {@code bytes}
 * @param bigEndian whether its elements are big-endian
 * @param copied whether the memory is a copy on the heap that no input has counted; else it is that
 *     of the file, or what an input gave to inflate it
 */
record Storage(
    ByteChunks bytes, long begin, DType dtype, long elements, boolean bigEndian, boolean copied) {

  /** Of memory that an input has counted. */
  Storage(ByteChunks bytes, long begin, DType dtype, long elements, boolean bigEndian) {
    this(bytes, begin, dtype, elements, bigEndian, false);
  }
}
