// SPDX-License-Identifier: Apache-2.0
/**
 * Reads ahead of a reader that knows its future: in order, on background threads, within a budget
 * of bytes. Knows nothing of samples, formats or Flink.
 */
@NullMarked
package io.millrace.prefetch;

import org.jspecify.annotations.NullMarked;
