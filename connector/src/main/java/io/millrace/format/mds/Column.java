// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

/**
 * A column of a shard.
 *
 * @param name unique in the shard
 * @param encoding as the index names it
 * @param size bytes of every value; 0 where each sample tells, and where the layout is not MDS
 */
record Column(String name, String encoding, long size) {}
