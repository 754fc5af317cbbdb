// SPDX-License-Identifier: Apache-2.0
/** SQL functions through Flink's planner. */
@NullMarked
package io.millrace.functions;

import org.jspecify.annotations.NullMarked;
