// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples;

import java.util.ArrayList;
import java.util.List;

/** What a failure is about, in one line. */
final class FailureMessage {

  private static final int LONGEST_CHAIN = 50;

  private FailureMessage() {}

  /**
   * The message of the outermost cause that was thrown by Millrace rather than by what called it,
   * with what the causes below add; of failures elsewhere, the root cause's.
   */
  static String of(Throwable failure) {
    List<Throwable> chain = chain(failure);
    StringBuilder text = new StringBuilder();
    for (Throwable link : chain) {
      if (isOurs(link) && !text.toString().contains(messageOf(link))) {
        text.append(text.isEmpty() ? "" : ": ").append(messageOf(link));
      }
    }
    return text.isEmpty() ? rootMessage(chain) : text.toString();
  }

  private static List<Throwable> chain(Throwable failure) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable link = failure;
        link != null && chain.size() < LONGEST_CHAIN;
        link = link.getCause()) {
      chain.add(link);
    }
    return chain;
  }

  private static boolean isOurs(Throwable link) {
    StackTraceElement[] trace = link.getStackTrace();
    return trace.length > 0
        && trace[0].getClassName().startsWith("io.millrace.")
        && !messageOf(link).isBlank();
  }

  private static String rootMessage(List<Throwable> chain) {
    Throwable root = chain.get(chain.size() - 1);
    String message = messageOf(root);
    return root.getClass().getSimpleName() + (message.isBlank() ? "" : ": " + message);
  }

  private static String messageOf(Throwable link) {
    return link.getMessage() == null ? "" : link.getMessage();
  }
}
