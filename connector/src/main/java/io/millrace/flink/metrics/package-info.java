// SPDX-License-Identifier: Apache-2.0
/** The connector's metrics, under the names that its documentation lists. */
@NullMarked
package io.millrace.flink.metrics;

import org.jspecify.annotations.NullMarked;
