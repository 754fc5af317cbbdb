// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

/** Python's {@code None}. */
public enum PyNone {
  NONE;

  @Override
  public String toString() {
    return "None";
  }
}
