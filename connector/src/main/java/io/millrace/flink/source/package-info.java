// SPDX-License-Identifier: Apache-2.0
/** The Flink source of training datasets: what a job's author uses. */
@NullMarked
package io.millrace.flink.source;

import org.jspecify.annotations.NullMarked;
