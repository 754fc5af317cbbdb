// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A few threads that make the requests of one discovery, so that the latencies of a store do not
 * add up. Used by one thread, which closes it.
 */
final class SideBySide implements Closeable {

  /** Requests that are under way at once. */
  static final int THREADS = 8;

  private final ExecutorService executor;

  SideBySide() {
    AtomicInteger made = new AtomicInteger();
    this.executor =
        Executors.newFixedThreadPool(
            THREADS,
            work -> {
              Thread thread = new Thread(work, "millrace-discovery-" + made.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Begins a request as soon as a thread is free. */
  <T> Future<T> begin(Callable<T> request) {
    return executor.submit(request);
  }

  /**
   * Waits for what a request yields, or fails with what it failed with.
   *
   * @param what the request, for the message when the caller is interrupted
   */
  static <T> T await(Future<T> request, String what) throws IOException {
    try {
      if (Thread.interrupted()) {
        throw new InterruptedException(); // get() looks only where it has to wait
      }
      return request.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("Cannot " + what + ": interrupted");
      interrupted.initCause(e);
      throw interrupted;
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IOException failure) {
        throw failure;
      }
      if (cause instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException("Cannot " + what + ": " + cause, cause);
    }
  }

  /** Interrupts what is under way and ends the threads; does not wait for them. */
  @Override
  public void close() {
    executor.shutdownNow();
  }
}
