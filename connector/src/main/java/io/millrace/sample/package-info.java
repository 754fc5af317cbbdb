// SPDX-License-Identifier: Apache-2.0
/**
 * Plain, immutable values of training data: a {@link io.millrace.sample.Sample} holds the values of
 * one record in the order of its {@link io.millrace.sample.Schema}. Nothing here knows an engine, a
 * format or a store.
 */
@NullMarked
package io.millrace.sample;

import org.jspecify.annotations.NullMarked;
