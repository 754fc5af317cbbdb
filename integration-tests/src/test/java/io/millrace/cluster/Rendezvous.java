// SPDX-License-Identifier: Apache-2.0
package io.millrace.cluster;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Where two jobs meet. Not in their jars, so that their class loaders take it from the tests', and
 * both see the same.
 */
public final class Rendezvous {

  private static final Set<String> JOBS = ConcurrentHashMap.newKeySet();
  private static final Map<String, ClassLoader> CONNECTORS = new ConcurrentHashMap<>();

  private static volatile CountDownLatch both = new CountDownLatch(2);

  private Rendezvous() {}

  static void reset() {
    both = new CountDownLatch(2);
    JOBS.clear();
    CONNECTORS.clear();
  }

  /**
   * Blocks until two jobs have called it.
   *
   * @param program where the job's own classes come from
   * @param connector where the connector's do
   * @throws IllegalStateException if the other one does not come
   */
  public static void arrive(String job, ClassLoader program, ClassLoader connector)
      throws InterruptedException {
    if (program == Rendezvous.class.getClassLoader()) {
      throw new IllegalStateException("Job " + job + " does not run from its jar");
    }
    CONNECTORS.put(job, connector);
    if (JOBS.add(job)) {
      both.countDown();
    }
    if (!both.await(1, TimeUnit.MINUTES)) {
      throw new IllegalStateException("Job " + job + " waited for the other: came " + JOBS);
    }
  }

  /** How many connectors the jobs took their classes from. */
  static long connectors() {
    return CONNECTORS.values().stream().distinct().count();
  }
}
