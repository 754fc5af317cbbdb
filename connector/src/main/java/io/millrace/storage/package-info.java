// SPDX-License-Identifier: Apache-2.0
/**
 * Ranged reads of immutable objects, whatever the store: locations, versions, readers, and the
 * decorators that retry, bound and measure them. Knows nothing of formats or caches.
 */
@NullMarked
package io.millrace.storage;

import org.jspecify.annotations.NullMarked;
