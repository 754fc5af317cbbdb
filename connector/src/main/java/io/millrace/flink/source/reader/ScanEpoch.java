// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import java.util.UUID;

/**
 * An epoch of a scan: what an extent is asked for, in the cache's accounting.
 *
 * @param run the scan's readers that are here at the same time. Those of a restarted job are
 *     another run: what failed readers asked for, and perhaps never came to read, must not count as
 *     read
 * @param epoch the scan's epoch
 */
record ScanEpoch(UUID run, int epoch) {}
