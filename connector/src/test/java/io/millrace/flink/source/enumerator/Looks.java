// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.flink.connector.testutils.source.reader.TestingSplitEnumeratorContext;

/** Runs an enumerator's looks at its dataset. */
public final class Looks {

  private Looks() {}

  /** Runs those that are due; fails as one of them does, which Flink's context keeps to itself. */
  public static void run(TestingSplitEnumeratorContext<?> context) {
    context.triggerAllActions();
    for (Future<?> periodic : context.getExecutorService().getAllPeriodicScheduledTask()) {
      if (periodic.isDone()) {
        try {
          periodic.get();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        } catch (ExecutionException e) {
          if (e.getCause() instanceof RuntimeException unchecked) {
            throw unchecked;
          }
          throw new AssertionError(e);
        }
      }
    }
  }
}
