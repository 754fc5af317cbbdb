// SPDX-License-Identifier: Apache-2.0
/**
 * What is read when, and by whom: the order of an epoch, the positions in it, how much of it is
 * assigned, and which cache owns which shard. Engine-free; nothing here does I/O, blocks or starts
 * a thread.
 */
@NullMarked
package io.millrace.plan;

import org.jspecify.annotations.NullMarked;
