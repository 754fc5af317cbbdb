// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of one prefetcher, whose lock guards this. */
final class PrefetchWorkers {

  private static final Logger LOG = LoggerFactory.getLogger(PrefetchWorkers.class);

  private final ThreadFactory factory;
  private final Supplier<@Nullable Runnable> work;
  private final Consumer<Throwable> onFault;
  private final List<Thread> threads = new ArrayList<>();

  /**
   * @param work gives a thread what it is to do next; null to end it. Waits until there is
   *     something
   * @param onFault takes what ended a thread outside of any task
   */
  PrefetchWorkers(
      ThreadFactory factory, Supplier<@Nullable Runnable> work, Consumer<Throwable> onFault) {
    this.factory = factory;
    this.work = work;
    this.onFault = onFault;
  }

  private void work() {
    try {
      Runnable next = work.get();
      while (next != null) {
        next.run();
        next = work.get();
      }
    } catch (Throwable e) {
      onFault.accept(e);
    }
  }

  /**
   * Whether there is a thread for one more task; makes it if need be. Without a thread nothing is
   * begun; the reader then opens its tasks itself.
   *
   * @param busy threads that have something to do
   */
  boolean haveOneToSpare(int busy) {
    if (threads.size() > busy) {
      return true;
    }
    try {
      Thread worker = factory.newThread(this::work);
      worker.start();
      threads.add(worker);
      return true;
    } catch (OutOfMemoryError | RuntimeException e) {
      LOG.warn("Cannot start a prefetch thread beside {} others; going on", threads.size(), e);
      return false;
    }
  }

  /** Interrupts all threads and returns them. */
  List<Thread> interruptAll() {
    threads.forEach(Thread::interrupt);
    return List.copyOf(threads);
  }
}
