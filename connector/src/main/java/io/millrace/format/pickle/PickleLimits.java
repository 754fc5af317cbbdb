// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

/**
 * Bounds on what a pickle may make the machine hold. Lengths are never believed: a string or bytes
 * object must lie within the pickle before it is allocated.
 *
 * @param stack most values on the machine's stack: also the most elements of a tuple that is
 *     written at once
 * @param marks most open marks, which is how deeply what is written with marks can be nested
 * @param integerDigits most decimal digits of a whole number, which also bounds those in binary
 */
public record PickleLimits(int stack, int marks, int integerDigits) {

  /** Python's own pickler writes lists and dicts a thousand elements at a time. */
  public static final PickleLimits DEFAULTS = new PickleLimits(10_000, 1_000, 4_300);
}
