// SPDX-License-Identifier: Apache-2.0
/**
 * A catalog whose tables are the datasets below a directory. It shows what lies there and keeps
 * nothing of its own.
 */
@NullMarked
package io.millrace.flink.table.catalog;

import org.jspecify.annotations.NullMarked;
