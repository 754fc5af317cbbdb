// SPDX-License-Identifier: Apache-2.0
/**
 * Keeps extents that were fetched from the origin, in bounded memory, for the readers of one
 * process. Knows nothing of samples, formats or Flink.
 */
@NullMarked
package io.millrace.cache;

import org.jspecify.annotations.NullMarked;
