// SPDX-License-Identifier: Apache-2.0
/**
 * The job's one enumerator: finds the dataset's units, and hands the epoch's next ones to readers
 * that ask. It coordinates; which unit a reader gets is the assigner's.
 */
@NullMarked
package io.millrace.flink.source.enumerator;

import org.jspecify.annotations.NullMarked;
