// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.leak;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What is left, and what could not be told.
 *
 * @param leaks empty if everything is as it was before
 * @param tolerated what is new but allowed, with the reason
 * @param unchecked what this system gives no answer to, such as descriptors where there is no
 *     {@code /proc}
 */
public record LeakReport(List<Leak> leaks, List<String> tolerated, List<String> unchecked) {

  public LeakReport {
    leaks = List.copyOf(leaks);
    tolerated = List.copyOf(tolerated);
    unchecked = List.copyOf(unchecked);
  }

  /**
   * Passes if nothing is left.
   *
   * @throws AssertionError that names everything that is left
   */
  public void check() {
    if (!leaks.isEmpty()) {
      throw new AssertionError(toString());
    }
  }

  /** Returns all leaks, a line each, then what was tolerated and what was not checked. */
  @Override
  public String toString() {
    return leaks.size()
        + " leaks"
        + lines(leaks.stream().map(Leak::toString).toList(), "\n  ")
        + lines(tolerated, "\n  tolerated: ")
        + lines(unchecked, "\n  not checked: ");
  }

  private static String lines(List<String> texts, String begin) {
    return texts.stream().map(text -> begin + text).collect(Collectors.joining());
  }
}
