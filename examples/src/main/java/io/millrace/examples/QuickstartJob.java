// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples;

import java.io.PrintStream;

/**
 * Reads a dataset through an embedded Flink: with Millrace's cache and prefetcher, then without,
 * and prints what both did; draws the dataset's first images. README.md shows how to run it.
 */
public final class QuickstartJob {

  private QuickstartJob() {}

  /** Ends the process with 1 if something went wrong, after one line on the error stream. */
  public static void main(String[] args) {
    System.exit(run(System.out, System.err, args));
  }

  static int run(PrintStream out, PrintStream err, String... args) {
    try {
      new Quickstart(QuickstartOptions.parse(args), out).run();
      return 0;
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      if (QuickstartOptions.wantsStackTrace(args)) {
        e.printStackTrace(err);
      }
      err.println("The quickstart failed. " + FailureMessage.of(e));
      return 1;
    }
  }
}
