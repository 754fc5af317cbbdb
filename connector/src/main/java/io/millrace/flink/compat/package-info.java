// SPDX-License-Identifier: Apache-2.0
/**
 * The few classes whose form depends on the Flink version: their sources are in {@code
 * src/main/java-flink-1.20} and {@code src/main/java-flink-2}, one of which is compiled.
 */
@NullMarked
package io.millrace.flink.compat;

import org.jspecify.annotations.NullMarked;
