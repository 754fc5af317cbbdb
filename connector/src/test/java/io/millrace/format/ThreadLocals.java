// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import java.lang.ref.Reference;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What code leaves at the thread that runs it. Threads of Flink outlive jobs, and a value of one of
 * the job's classes keeps all of them.
 */
public final class ThreadLocals {

  /** What may leave something. */
  @FunctionalInterface
  public interface Call {
    void run() throws Exception;
  }

  private ThreadLocals() {}

  /** The classes, but for the JDK's, of the values that a new thread has after a call. */
  public static Set<String> leftBy(Call call) throws Exception {
    Set<String> left = new TreeSet<>();
    Exception[] failure = new Exception[1];
    Thread thread =
        new Thread(
            () -> {
              try {
                call.run();
                collect(left);
              } catch (Exception e) {
                failure[0] = e;
              }
            });
    thread.start();
    thread.join();
    if (failure[0] != null) {
      throw failure[0];
    }
    return left;
  }

  private static void collect(Set<String> left) throws ReflectiveOperationException {
    Object map = value(Thread.class, "threadLocals", Thread.currentThread());
    if (map == null) {
      return;
    }
    Object table = value(map.getClass(), "table", map);
    for (int i = 0; table != null && i < Array.getLength(table); i++) {
      Object entry = Array.get(table, i);
      if (entry != null) {
        Object held = value(entry.getClass(), "value", entry);
        Object content = held instanceof Reference<?> reference ? reference.get() : held;
        if (content != null && content.getClass().getClassLoader() != null) {
          left.add(content.getClass().getName());
        }
      }
    }
  }

  private static @Nullable Object value(Class<?> type, String name, Object of)
      throws ReflectiveOperationException {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field.get(of);
  }
}
