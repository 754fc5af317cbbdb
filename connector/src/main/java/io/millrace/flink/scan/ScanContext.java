// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import io.millrace.sample.Schema;
import java.util.UUID;
import org.apache.flink.annotation.Internal;

/**
 * What each reader of a scan is given.
 *
 * @param scanId identifies the scan among those of a process
 * @param settings its options
 * @param dataset what it reads of the dataset, as that was when the job was built
 * @param projection fields to decode
 * @param records the form of its records
 * @param <T> what the source emits
 */
@Internal
public record ScanContext<T>(
    UUID scanId,
    ScanSettings settings,
    DatasetSummary dataset,
    Schema projection,
    RecordFormat<T> records) {}
