// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

/**
 * What {@link PickleConstructors} made and what may be a dict's key or in a set: hashed and
 * compared by value, in a short time whatever the pickle. Of the machine's own values {@code None},
 * {@code bool}, {@code int}, {@code float}, {@code str}, {@code bytes} and tuples of all these may.
 */
public interface PyKey {}
