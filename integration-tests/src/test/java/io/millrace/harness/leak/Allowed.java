// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.leak;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Something new that is no leak.
 *
 * @param name the whole of a thread's name, or a file's or a descriptor's target
 * @param frame of a thread, what must be somewhere in its stack; null for any stack
 * @param reason why it stays, for the report
 */
record Allowed(Pattern name, @Nullable Pattern frame, String reason) {

  static Allowed named(String name, String reason) {
    return new Allowed(Pattern.compile(name), null, reason);
  }

  static Allowed running(String name, String frame, String reason) {
    return new Allowed(Pattern.compile(name), Pattern.compile(frame), reason);
  }

  boolean covers(String text) {
    return frame == null && name.matcher(text).matches();
  }

  boolean covers(ThreadState thread) {
    return name.matcher(thread.name()).matches()
        && (frame == null || thread.stack().stream().anyMatch(at -> frame.matcher(at).find()));
  }
}
