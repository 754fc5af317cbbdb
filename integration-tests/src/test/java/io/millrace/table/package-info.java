// SPDX-License-Identifier: Apache-2.0
/** SQL tables, through Flink's planner and on its clusters. */
@NullMarked
package io.millrace.table;

import org.jspecify.annotations.NullMarked;
