// SPDX-License-Identifier: Apache-2.0
/**
 * A reader: opens the units it was assigned ahead of time, mixes those in its window, decodes their
 * samples on its fetcher thread and emits them on the task's.
 */
@NullMarked
package io.millrace.flink.source.reader;

import org.jspecify.annotations.NullMarked;
