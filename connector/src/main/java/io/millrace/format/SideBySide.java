// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A few threads that make the requests of one discovery, so that the latencies of a store do not
 * add up. Used by one thread, which closes it.
 */
public final class SideBySide implements Closeable {

  /** Requests that are under way at once. */
  public static final int THREADS = 8;

  private final ExecutorService executor;

  public SideBySide() {
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
  public <T> Future<T> begin(Callable<T> request) {
    return executor.submit(request);
  }

  /**
   * Makes requests that are all needed. The first one that fails ends it: the others are
   * interrupted, and nobody waits for them.
   *
   * @param what the requests, for the message when the caller is interrupted
   * @return what they yield, in their order
   */
  public static <T> List<T> all(List<Callable<T>> requests, String what) throws IOException {
    try (SideBySide threads = new SideBySide()) {
      ExecutorCompletionService<T> ended = new ExecutorCompletionService<>(threads.executor);
      List<Future<T>> begun = new ArrayList<>();
      for (Callable<T> request : requests) {
        begun.add(ended.submit(request));
      }
      for (int i = 0; i < begun.size(); i++) {
        await(next(ended, what), what);
      }
      List<T> results = new ArrayList<>();
      for (Future<T> request : begun) {
        results.add(await(request, what));
      }
      return results;
    }
  }

  private static <T> Future<T> next(ExecutorCompletionService<T> ended, String what)
      throws InterruptedIOException {
    try {
      return ended.take();
    } catch (InterruptedException e) {
      throw interrupted(what, e);
    }
  }

  /**
   * Waits for what a request yields, or fails with what it failed with.
   *
   * @param what the request, for the message when the caller is interrupted
   */
  public static <T> T await(Future<T> request, String what) throws IOException {
    try {
      if (Thread.interrupted()) {
        throw new InterruptedException(); // get() looks only where it has to wait
      }
      return request.get();
    } catch (InterruptedException e) {
      throw interrupted(what, e);
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

  private static InterruptedIOException interrupted(String what, InterruptedException cause) {
    Thread.currentThread().interrupt();
    InterruptedIOException interrupted =
        new InterruptedIOException("Cannot " + what + ": interrupted");
    interrupted.initCause(cause);
    return interrupted;
  }

  /** Interrupts what is under way and ends the threads; does not wait for them. */
  @Override
  public void close() {
    executor.shutdownNow();
  }
}
