// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.storage;

import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Closes what is idle in a pool for too long, on one daemon thread that is there only while the
 * pool holds something. The owner closes it.
 */
final class PoolSweeper implements Closeable {

  private final StreamPool pool;
  private final Duration idle;
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final ScheduledThreadPoolExecutor executor;

  PoolSweeper(StreamPool pool, Duration idle) {
    this.pool = pool;
    this.idle = idle;
    this.executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "millrace-stream-pool");
              thread.setDaemon(true);
              // It may outlive the job whose thread starts it; it must not keep that job's classes.
              thread.setContextClassLoader(PoolSweeper.class.getClassLoader());
              return thread;
            });
    executor.setKeepAliveTime(1, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
  }

  /** Sees to it that the pool is swept before long. Does not block. */
  void schedule() {
    if (scheduled.compareAndSet(false, true)) {
      try {
        Future<?> unused = executor.schedule(this::sweep, idle.toNanos(), TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        // Closed, and so is the pool, which then keeps nothing.
      }
    }
  }

  private void sweep() {
    scheduled.set(false);
    pool.sweep();
    if (pool.size() > 0) {
      schedule();
    }
  }

  int liveThreads() {
    return executor.getPoolSize();
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
