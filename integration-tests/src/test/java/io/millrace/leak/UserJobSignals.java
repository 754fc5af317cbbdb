// SPDX-License-Identifier: Apache-2.0
package io.millrace.leak;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a job from the user jar tells the test. Not in that jar, so that the job's class loader
 * takes it from the tests', and both see the same.
 */
public final class UserJobSignals {

  /** By so many samples a job is in its midst. */
  public static final int ENOUGH = 300;

  private static final AtomicInteger SAMPLES = new AtomicInteger();

  /** Of jobs that took the connector from elsewhere than the jar. */
  private static final Set<String> WRONG = ConcurrentHashMap.newKeySet();

  private static volatile @Nullable Consumer<ClassLoader> loaders;

  private UserJobSignals() {}

  /** Whom to tell of class loaders; before each job. */
  static void reset(Consumer<ClassLoader> consumer) {
    SAMPLES.set(0);
    loaders = consumer;
  }

  /** Called by the program, and by each instance of the job's function. */
  public static void opened(ClassLoader loader, Class<?> connectorClass) {
    Consumer<ClassLoader> consumer = loaders;
    if (consumer != null) {
      consumer.accept(loader);
      if (connectorClass.getClassLoader() != loader) {
        consumer.accept(connectorClass.getClassLoader());
      }
    }
    if (connectorClass.getClassLoader() == UserJobSignals.class.getClassLoader()) {
      WRONG.add(connectorClass.getName());
    }
  }

  /** Counts a sample, over all instances. */
  public static int sawSample() {
    return SAMPLES.incrementAndGet();
  }

  static int samples() {
    return SAMPLES.get();
  }

  /** Classes that were not taken from the jar. */
  static Set<String> wrong() {
    return Set.copyOf(WRONG);
  }
}
