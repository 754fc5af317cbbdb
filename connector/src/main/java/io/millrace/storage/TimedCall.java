// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call that one thread makes and another waits for, but not longer than it likes. Whichever comes
 * first decides: the result is delivered, or it is late and goes to {@code late}.
 */
final class TimedCall<T> implements Runnable {

  private final StorageCall<T> call;
  private final Consumer<T> late;
  private final AtomicInteger abandoned;
  private final CompletableFuture<T> result = new CompletableFuture<>();

  /** The thread in the call, which an interrupt may reach; guarded by this. */
  private @Nullable Thread worker;

  /**
   * @param abandoned counts calls that nobody waits for and that have not come back
   */
  TimedCall(StorageCall<T> call, Consumer<T> late, AtomicInteger abandoned) {
    this.call = call;
    this.late = late;
    this.abandoned = abandoned;
  }

  @Override
  public void run() {
    boolean delivered = false;
    try {
      if (enter()) {
        T value = call.run();
        delivered = result.complete(value);
        if (!delivered) {
          late.accept(value);
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      delivered = result.completeExceptionally(e);
    } finally {
      leave();
      if (!delivered) {
        abandoned.decrementAndGet();
      }
    }
  }

  private synchronized boolean enter() {
    worker = Thread.currentThread();
    return !result.isDone();
  }

  private synchronized void leave() {
    worker = null;
    boolean unused = Thread.interrupted(); // it was for this call, not for the worker's next one
  }

  /**
   * Waits for the result.
   *
   * @throws TimeoutException if it did not come in time; the call is interrupted and abandoned
   */
  T await(Duration timeout) throws IOException, TimeoutException, InterruptedException {
    try {
      return result.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      if (abandon()) {
        throw e;
      }
      return await(timeout); // it came in this very moment
    } catch (InterruptedException e) {
      if (!abandon()) {
        // It came in this very moment, but nobody takes it.
        Future<?> unused = result.thenAccept(late);
      }
      throw e;
    } catch (ExecutionException e) {
      throw asIoException(e.getCause());
    }
  }

  private boolean abandon() {
    if (!result.completeExceptionally(new CancellationException())) {
      return false;
    }
    abandoned.incrementAndGet();
    synchronized (this) {
      if (worker != null) {
        worker.interrupt();
      }
    }
    return true;
  }

  static IOException asIoException(@Nullable Throwable cause) {
    if (cause instanceof RuntimeException failure) {
      throw failure;
    }
    if (cause instanceof Error failure) {
      throw failure;
    }
    return cause instanceof IOException failure ? failure : new IOException(cause);
  }
}
