// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.sample.FieldType;
import java.util.Collection;

/**
 * A list, tuple or set that becomes one list field.
 *
 * @param element the type that holds each of its elements
 * @param items at least one
 */
record ListValue(FieldType element, Collection<Object> items) {}
