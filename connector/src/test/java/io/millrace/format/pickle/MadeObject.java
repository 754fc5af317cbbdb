// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import java.util.ArrayList;
import java.util.List;

/**
 * What stands for an object that a pickle asked for.
 *
 * @param how {@code call}, {@code new} or {@code persistent}
 * @param states what it was built with
 */
record MadeObject(
    String how, Object type, PyTuple arguments, PyDict keywords, List<Object> states) {

  static MadeObject of(String how, Object type, PyTuple arguments, PyDict keywords) {
    return new MadeObject(how, type, arguments, keywords, new ArrayList<>());
  }

  /** What a pickle named. */
  record Named(String module, String name) {}

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
