// SPDX-License-Identifier: Apache-2.0
/** What processes that are killed leave on disk. */
@NullMarked
package io.millrace.cache.disk;

import org.jspecify.annotations.NullMarked;
