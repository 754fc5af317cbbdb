// SPDX-License-Identifier: Apache-2.0
/** A unit of an epoch as Flink sees it: the immutable split, its mutable state, its serializer. */
@NullMarked
package io.millrace.flink.source.split;

import org.jspecify.annotations.NullMarked;
