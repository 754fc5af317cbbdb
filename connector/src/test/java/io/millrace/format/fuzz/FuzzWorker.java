// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.fuzz;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs what may hang on a thread of its own. */
public final class FuzzWorker implements AutoCloseable {

  /** Beyond this a mutation is taken to hang. */
  private static final long SECONDS_EACH = 5;

  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "fuzz");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * The result of a task.
   *
   * @param replay how to repeat it: begins the message if it fails or does not end
   */
  public <T> T run(String replay, Callable<T> task) throws InterruptedException {
    Thread[] thread = new Thread[1];
    Future<T> future =
        worker.submit(
            () -> {
              thread[0] = Thread.currentThread();
              return task.call();
            });
    try {
      return future.get(SECONDS_EACH, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError(replay + ": " + e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      AssertionError hang = new AssertionError(replay + ": not done after 5 s; it is here:");
      if (thread[0] != null) {
        hang.setStackTrace(thread[0].getStackTrace());
      }
      throw hang;
    }
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
