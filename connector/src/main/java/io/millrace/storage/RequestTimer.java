// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The threads behind request timeouts: one that keeps time, and workers, as many as there are calls
 * under way, which are used again and end after ten idle seconds. All are daemons. The owner closes
 * it after the last request.
 *
 * <p>A call that ignores its interrupt keeps its worker until it returns. There are at most {@value
 * #MAX_ABANDONED} such calls at each replica, and as many elsewhere; further ones fail at once
 * until one of them comes back.
 */
final class RequestTimer implements Closeable {

  static final int MAX_ABANDONED = 64;
  private static final long IDLE_SECONDS = 10;
  private static final Duration HANG = Duration.ofSeconds(3);

  private final Duration timeout;
  private final ScheduledThreadPoolExecutor scheduler;
  private final ThreadPoolExecutor workers;
  private final AbandonedCalls abandonedCalls = new AbandonedCalls();

  RequestTimer(Duration timeout) {
    this(timeout, RequestTimer::daemons);
  }

  /**
   * @param threads makes threads of a name
   */
  RequestTimer(Duration timeout, Function<String, ThreadFactory> threads) {
    this.timeout = timeout;
    this.scheduler = new ScheduledThreadPoolExecutor(1, threads.apply("millrace-storage-timer"));
    scheduler.setRemoveOnCancelPolicy(true);
    this.workers =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            threads.apply("millrace-storage-call"));
  }

  private static ThreadFactory daemons(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      // A worker may outlive the job whose thread starts it; it must not keep that job's classes.
      thread.setContextClassLoader(RequestTimer.class.getClassLoader());
      return thread;
    };
  }

  Duration timeout() {
    return timeout;
  }

  /** After which even a call that ignored being ended is not awaited any more. */
  Duration hangLimit() {
    return timeout.plus(HANG);
  }

  /** Counts the calls at a place that nobody waits for and that have not come back. */
  AtomicInteger abandonedAt(ObjectLocation location) {
    return abandonedCalls.at(location);
  }

  /** Lets calls that hang at this root keep none from being made elsewhere. */
  void countApart(ObjectLocation root) {
    abandonedCalls.countApart(root);
  }

  /**
   * Makes a call on a worker and waits for it no longer than the timeout. The caller comes back in
   * time even if the call never does.
   *
   * @param late takes a result that comes after the caller has left
   * @throws RequestTimeoutException if the call does not come back in time
   * @throws java.io.InterruptedIOException if the caller is interrupted; its flag stays set
   */
  <T> T call(StorageRequest request, StorageCall<T> call, Consumer<T> late) throws IOException {
    AtomicInteger abandoned = abandonedCalls.at(request.location());
    if (abandoned.get() >= MAX_ABANDONED) {
      throw new IOException(
          "Cannot " + request + ": " + MAX_ABANDONED + " requests that timed out still hang");
    }
    TimedCall<T> timed = new TimedCall<>(call, late, abandoned);
    execute(request, timed);
    try {
      return timed.await(timeout);
    } catch (TimeoutException e) {
      throw new RequestTimeoutException(request, timeout, e);
    } catch (InterruptedException e) {
      throw Interrupts.asIoException(request, e);
    }
  }

  /** Runs something that may hang on a worker, without waiting for it. */
  void execute(StorageRequest request, Runnable task) throws IOException {
    try {
      workers.execute(task);
    } catch (RejectedExecutionException e) {
      throw closed(request, e);
    } catch (OutOfMemoryError e) {
      throw noThread(request, e);
    }
  }

  /** Runs something short on the timer's thread after a delay. */
  Future<?> schedule(StorageRequest request, Runnable task, Duration delay) throws IOException {
    try {
      return scheduler.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      throw closed(request, e);
    } catch (OutOfMemoryError e) {
      throw noThread(request, e);
    }
  }

  /** Java says so where the process may have no more threads; there may be some again soon. */
  private static IOException noThread(StorageRequest request, OutOfMemoryError cause) {
    return new IOException(
        "Cannot " + request + ": no thread can be started: " + cause.getMessage(), cause);
  }

  private static IOException closed(StorageRequest request, RejectedExecutionException cause) {
    return new PermanentStorageException("Cannot " + request + ": the store is closed", cause);
  }

  /** Alarms that were set and have neither gone off nor been taken back. */
  int pendingAlarms() {
    return scheduler.getQueue().size();
  }

  /**
   * Threads that have not ended; 0 soon after {@link #close} unless a call ignores its interrupt.
   */
  int liveThreads() {
    return scheduler.getPoolSize() + workers.getPoolSize();
  }

  boolean isClosed() {
    return scheduler.isShutdown();
  }

  /** Ends the threads and interrupts calls that are under way. Does not wait for them. */
  @Override
  public void close() {
    scheduler.shutdownNow();
    workers.shutdownNow();
  }
}
