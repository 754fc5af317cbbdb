// SPDX-License-Identifier: Apache-2.0
/**
 * Datasets as SQL tables: the connector {@code millrace}, how its columns match a dataset's fields,
 * and what the planner may leave to the source. Values go straight from the formats' decoders into
 * rows.
 */
@NullMarked
package io.millrace.flink.table;

import org.jspecify.annotations.NullMarked;
