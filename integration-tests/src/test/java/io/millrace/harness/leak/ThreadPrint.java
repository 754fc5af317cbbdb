// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.leak;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a thread dump of the JVM. */
final class ThreadPrint {

  /** Threads of Java have a number; those of the JVM itself don't, and are none of ours. */
  private static final Pattern HEAD = Pattern.compile("\"(.*)\" #(\\d+) .*");

  private static final Pattern FRAME = Pattern.compile("\\s+at ([^(]+)\\(.*");

  private ThreadPrint() {}

  static List<ThreadState> parse(String text) {
    List<ThreadState> threads = new ArrayList<>();
    String name = null;
    long id = 0;
    List<String> stack = new ArrayList<>();
    for (String line : text.lines().toList()) {
      Matcher head = HEAD.matcher(line);
      Matcher frame = FRAME.matcher(line);
      if (head.matches() || line.startsWith("\"")) {
        if (name != null) {
          threads.add(new ThreadState(id, name, stack));
        }
        name = head.matches() ? head.group(1) : null;
        id = head.matches() ? Long.parseLong(head.group(2)) : 0;
        stack = new ArrayList<>();
      } else if (frame.matches()) {
        // As a class names itself, without module and loader.
        stack.add(frame.group(1).replaceFirst("^.*/", ""));
      }
    }
    if (name != null) {
      threads.add(new ThreadState(id, name, stack));
    }
    return threads;
  }
}
