// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads many small things, such as the files of a group: on the calling thread while that is fast,
 * as from memory or a page cache, and side by side with helpers while each takes long. The calling
 * thread always reads, so that it ends even if no helper can be had. Thread-safe; whoever made it
 * closes it.
 */
public final class ParallelReads implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ParallelReads.class);

  /** Handing a read to another thread costs some tenths of this. */
  private static final long WORTH_HELP_NANOS = TimeUnit.MICROSECONDS.toNanos(300);

  private static final int IDLE_SECONDS = 30;

  private final int helpersPerCall;
  private final ThreadPoolExecutor helpers;

  /** What a read took of late; lost updates do no harm. */
  private volatile long typicalNanos;

  /**
   * @param helpersPerCall threads that may help one call
   * @param threads that there may be in all, at least 1
   * @param name of the threads
   */
  public ParallelReads(int helpersPerCall, int threads, String name) {
    this.helpersPerCall = helpersPerCall;
    this.helpers =
        new ThreadPoolExecutor(
            0,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              // It serves all jobs: it must not keep the classes of the one that happens to start
              // it.
              thread.setContextClassLoader(ParallelReads.class.getClassLoader());
              return thread;
            });
  }

  /**
   * Makes all reads and returns what they gave, in their order.
   *
   * <p>After a failure or an interrupt no further read is begun, those that helpers are making are
   * interrupted but not waited for, and what reads have given or still give is discarded.
   *
   * @param discard takes results back that the caller does not get; may run on any thread
   * @throws IOException of one of the reads that failed
   */
  public <T> List<T> all(List<? extends Read<T>> reads, Consumer<T> discard)
      throws IOException, InterruptedException {
    return all(new ReadBatch<>(reads, discard));
  }

  /**
   * The same for reads that take long wherever they go, such as the parts of a large object: with
   * helpers from the first one on.
   */
  public <T> List<T> allLarge(List<? extends Read<T>> reads, Consumer<T> discard)
      throws IOException, InterruptedException {
    ReadBatch<T> batch = new ReadBatch<>(reads, discard);
    boolean done = false;
    try {
      int unused = askForHelp(batch, Math.min(helpersPerCall, batch.left() - 1));
      while (batch.readNext()) {
        // one after the other
      }
      List<T> results = batch.await();
      done = true;
      return results;
    } finally {
      if (!done) {
        batch.abandon();
      }
    }
  }

  private <T> List<T> all(ReadBatch<T> batch) throws IOException, InterruptedException {
    boolean done = false;
    try {
      int asked = askForHelp(batch, wanted(batch.left()));
      long begin = System.nanoTime();
      while (batch.readNext()) {
        long now = System.nanoTime();
        typicalNanos = (3 * typicalNanos + (now - begin)) / 4;
        begin = now;
        asked += askForHelp(batch, wanted(batch.left()) - asked);
      }
      List<T> results = batch.await();
      done = true;
      return results;
    } finally {
      if (!done) {
        batch.abandon();
      }
    }
  }

  private int wanted(int left) {
    return typicalNanos < WORTH_HELP_NANOS ? 0 : Math.min(helpersPerCall, left - 1);
  }

  private <T> int askForHelp(ReadBatch<T> batch, int count) {
    int asked = 0;
    try {
      while (asked < count) {
        helpers.execute(batch::help);
        asked++;
      }
    } catch (RejectedExecutionException e) {
      LOG.debug("All helpers are busy, or closed: reading without another");
    }
    return asked;
  }

  /** Threads that have not ended, for tests. */
  int liveThreads() {
    return helpers.getPoolSize();
  }

  /** Interrupts helpers; calls in progress go on without them, or fail with what they were at. */
  @Override
  public void close() {
    helpers.shutdownNow();
  }

  /**
   * One read.
   *
   * @param <T> what it gives
   */
  public interface Read<T> {
    T read() throws IOException, InterruptedException;
  }
}
