// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

/**
 * Bounds on what a pickle may make the machine hold. Lengths are never believed: a string or bytes
 * object must lie within the pickle before it is allocated.
 *
 * @param stack most values on the machine's stack without a mark, which is how deeply what is
 *     written without marks can be nested
 * @param marked most values on the stack with a mark: also the most elements of a tuple or frozen
 *     set, which Python writes at once
 * @param marks most open marks, which is how deeply what is written with marks can be nested
 * @param integerDigits most decimal digits of a whole number, which also bounds those in binary
 * @param values most values that are ever put onto the stack, references to earlier ones included
 * @param memo most values that are remembered at a time
 */
public record PickleLimits(
    int stack, int marked, int marks, int integerDigits, int values, int memo) {

  /**
   * Python's own pickler writes lists, dicts and sets a thousand elements at a time, and its
   * interpreter refuses numbers of more digits.
   */
  public static final PickleLimits DEFAULTS =
      new PickleLimits(10_000, 1_000_000, 1_000, 4_300, 4_000_000, 2_000_000);

  public PickleLimits {
    int least = Math.min(Math.min(stack, marks), Math.min(values, memo));
    if (least < 1 || marked < stack || integerDigits < 20) {
      throw new IllegalArgumentException(
          "Cannot use limits below 1, with marks below those without, or below 20 digits: "
              + stack
              + ", "
              + marked
              + ", "
              + marks
              + ", "
              + values
              + ", "
              + memo
              + ", "
              + integerDigits);
    }
  }
}
