// SPDX-License-Identifier: Apache-2.0
/**
 * Inflates whole compressed objects of declared size, from memory to memory: zstd, gzip, brotli,
 * bzip2 and raw snappy. What a stream says about itself is never believed before it is checked.
 */
@NullMarked
package io.millrace.format.codec;

import org.jspecify.annotations.NullMarked;
