// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import java.util.Collection;

/**
 * A list, tuple or set of plain values that are not all of one type; becomes JSON text.
 *
 * @param items plain values, and lists and dicts of them
 */
record JsonValue(Collection<Object> items) {}
