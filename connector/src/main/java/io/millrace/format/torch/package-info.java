// SPDX-License-Identifier: Apache-2.0
/**
 * Files of {@code torch.save}, one sample each: both of its layouts, raw or zstd-compressed, their
 * tensors decoded to contiguous little-endian bytes, their nested values to named fields.
 */
@NullMarked
package io.millrace.format.torch;

import org.jspecify.annotations.NullMarked;
