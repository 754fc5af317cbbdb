// SPDX-License-Identifier: Apache-2.0
/**
 * The cache's tier on disk: extents in append-only segment files, found again after a restart, and
 * the cache of both tiers. Everything that is read back is checked; nothing here fails a job.
 */
@NullMarked
package io.millrace.cache.disk;

import org.jspecify.annotations.NullMarked;
