// SPDX-License-Identifier: Apache-2.0
/**
 * SQL functions on tensors and encoded images, in a module that {@code LOAD MODULE millrace} loads.
 * A tensor is {@code ROW<dtype STRING, shape ARRAY<BIGINT>, data BYTES>}.
 */
@NullMarked
package io.millrace.flink.table.functions;

import org.jspecify.annotations.NullMarked;
