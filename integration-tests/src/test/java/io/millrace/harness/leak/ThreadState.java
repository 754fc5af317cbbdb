// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.leak;

import java.util.List;

/**
 * A live thread.
 *
 * @param id tells it from others of the same name while its JVM lives
 * @param stack innermost frame first, such as {@code java.lang.Object.wait}; without lines
 */
record ThreadState(long id, String name, List<String> stack) {

  private static final int SHOWN = 12;

  ThreadState {
    stack = List.copyOf(stack);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("\"").append(name).append('"');
    stack.stream().limit(SHOWN).forEach(frame -> text.append("\n      at ").append(frame));
    return text.toString();
  }
}
