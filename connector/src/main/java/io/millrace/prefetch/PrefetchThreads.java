// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Makes daemon threads that are named and numbered. */
final class PrefetchThreads implements ThreadFactory {

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
}
