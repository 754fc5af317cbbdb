// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes daemon threads that are named and numbered, and waits for threads to end. */
final class PrefetchThreads implements ThreadFactory {

  private static final Logger LOG = LoggerFactory.getLogger(PrefetchThreads.class);

  private final String name;
  private final @Nullable ClassLoader contextClassLoader =
      Thread.currentThread().getContextClassLoader();
  private final AtomicInteger made = new AtomicInteger();

  PrefetchThreads(String name) {
    this.name = name;
  }

  @Override
  public Thread newThread(Runnable work) {
    Thread thread = new Thread(work, name + "-" + made.incrementAndGet());
    thread.setDaemon(true);
    thread.setContextClassLoader(contextClassLoader);
    return thread;
  }

  /**
   * Waits for threads to end, but no longer than this, then logs which go on; an interrupt ends the
   * waiting early.
   */
  static void awaitEnd(List<Thread> ending, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    List<String> alive = new ArrayList<>();
    for (Thread thread : ending) {
      if (thread == Thread.currentThread()) {
        continue;
      }
      try {
        long millis = (deadline - System.nanoTime()) / 1_000_000;
        if (millis > 0) {
          thread.join(millis);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      if (thread.isAlive()) {
        alive.add(thread.getName());
      }
    }
    if (!alive.isEmpty()) {
      LOG.warn(
          "Prefetch threads {} do not end although they were interrupted {} ago; their memory is"
              + " given back when they do",
          alive,
          timeout);
    }
  }
}
