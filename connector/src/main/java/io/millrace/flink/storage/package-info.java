// SPDX-License-Identifier: Apache-2.0
/**
 * Flink's file systems as an object store: whatever schemes, plugins and credentials the cluster
 * has. Open streams are kept for a while, because each costs requests to open.
 */
@NullMarked
package io.millrace.flink.storage;

import org.jspecify.annotations.NullMarked;
