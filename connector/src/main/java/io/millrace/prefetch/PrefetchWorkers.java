// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of one prefetcher, whose lock guards this. */
final class PrefetchWorkers {

  private static final Logger LOG = LoggerFactory.getLogger(PrefetchWorkers.class);

  private final ThreadFactory factory;
  private final List<Thread> threads = new ArrayList<>();

  PrefetchWorkers(ThreadFactory factory) {
    this.factory = factory;
  }

  /**
   * Whether there is a thread for one more task; makes it if need be. Without a thread nothing is
   * begun; the reader then opens its tasks itself.
   *
   * @param busy tasks under way
   * @param work what a new thread does
   */
  boolean haveOneToSpare(int busy, Runnable work) {
    if (threads.size() > busy) {
      return true;
    }
    try {
      Thread worker = factory.newThread(work);
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
