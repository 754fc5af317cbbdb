// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PickleException;

/**
 * What the calls of one pickle may copy in all. A pickle writes a value once and can pass it to any
 * number of calls with two bytes each; Python's pickler passes what is to be copied to one. So
 * calls that copy much more than the pickle has are not its.
 */
final class Allowance {

  private static final int TIMES = 4;

  private final long pickle;
  private long left;

  /**
   * @param pickle bytes of the pickle
   */
  Allowance(long pickle) {
    this.pickle = pickle;
    this.left = TIMES * pickle;
  }

  /**
   * Takes some of it.
   *
   * @param count bytes, or values
   */
  void spend(long count) throws PickleException {
    if (count > left) {
      throw new PickleException(
          "its calls copy more than " + TIMES + " times the " + pickle + " bytes of the pickle");
    }
    left -= count;
  }
}
