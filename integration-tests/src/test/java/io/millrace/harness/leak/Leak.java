// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.leak;

/**
 * One thing that was not there before and did not go away.
 *
 * @param kind what it is
 * @param what names it: a thread and its stack, the target of a descriptor, a file, a class loader
 */
public record Leak(Kind kind, String what) {

  /** What can be left behind. */
  public enum Kind {
    THREAD,
    DESCRIPTOR,
    FILE,
    CLASS_LOADER
  }

  @Override
  public String toString() {
    return kind + " " + what;
  }
}
