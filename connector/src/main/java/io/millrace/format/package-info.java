// SPDX-License-Identifier: Apache-2.0
/**
 * What every dataset format offers: discovery of a dataset's shards and reading of their samples.
 * Formats live in sub-packages and are found by ServiceLoader; they see byte ranges, never a cache.
 */
@NullMarked
package io.millrace.format;

import org.jspecify.annotations.NullMarked;
