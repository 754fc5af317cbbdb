// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.flink;

import java.time.Duration;
import java.util.Locale;

/** Prints how long something took that depends on the machine, so that no test asserts it. */
final class Stopwatch {

  private final String what;
  private final long begin = System.nanoTime();

  Stopwatch(String what) {
    this.what = what;
  }

  void print() {
    print(what, Duration.ofNanos(System.nanoTime() - begin));
  }

  static void print(String what, Duration took) {
    System.out.printf(Locale.ROOT, "Time: %s: %.1f s%n", what, took.toMillis() / 1e3);
  }
}
