// SPDX-License-Identifier: Apache-2.0
/**
 * Joins datasets by index: sample <i>i</i> of the whole has the fields of sample <i>i</i> of each
 * part, whatever the parts' formats are and wherever their shards end.
 */
@NullMarked
package io.millrace.format.aligned;

import org.jspecify.annotations.NullMarked;
