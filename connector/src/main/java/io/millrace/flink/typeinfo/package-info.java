// SPDX-License-Identifier: Apache-2.0
/**
 * How Flink moves {@link io.millrace.sample.Sample samples} between operators and into state: their
 * type information and a compact binary form, without Kryo.
 */
@NullMarked
package io.millrace.flink.typeinfo;

import org.jspecify.annotations.NullMarked;
