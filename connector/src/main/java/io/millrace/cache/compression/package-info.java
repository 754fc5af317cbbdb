// SPDX-License-Identifier: Apache-2.0
/**
 * Compresses what caches retain, and gives it back byte for byte. Knows bytes and the kinds of
 * numbers that they may be, nothing of extents, policies or tiers.
 */
@NullMarked
package io.millrace.cache.compression;

import org.jspecify.annotations.NullMarked;
