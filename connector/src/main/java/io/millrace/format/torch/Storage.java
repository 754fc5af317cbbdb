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
 */
record Storage(ByteChunks bytes, long begin, DType dtype, long elements, boolean bigEndian) {}
