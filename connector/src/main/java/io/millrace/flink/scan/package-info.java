// SPDX-License-Identifier: Apache-2.0
/**
 * What a scan of a dataset is: its options, resolved once, and the form of its records. Shared by
 * the enumerator, the readers and whatever builds them.
 */
@NullMarked
package io.millrace.flink.scan;

import org.jspecify.annotations.NullMarked;
