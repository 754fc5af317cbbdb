// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import java.util.UUID;

/**
 * An epoch of a scan: what an extent is asked for, in the cache's accounting.
 *
 * @param scanId the scan
 * @param epoch its epoch
 */
record ScanEpoch(UUID scanId, int epoch) {}
