// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What is alive on this process's heap, under G1. */
final class Heap {

  private static final String FULL_COLLECTIONS = "G1 Old Generation";

  private static final Set<String> POOLS =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .map(pool -> pool.getName())
          .collect(Collectors.toSet());

  private Heap() {}

  /** Bytes that were left by a full collection, which this does. */
  static long liveBytes() {
    System.gc();
    GcInfo last = collector().getLastGcInfo();
    return last.getMemoryUsageAfterGc().entrySet().stream()
        .filter(pool -> POOLS.contains(pool.getKey()))
        .map(Map.Entry::getValue)
        .mapToLong(usage -> usage.getUsed())
        .sum();
  }

  /** Full collections so far, {@link #liveBytes} included. */
  static long fullCollections() {
    return collector().getCollectionCount();
  }

  private static GarbageCollectorMXBean collector() {
    return ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class).stream()
        .filter(bean -> bean.getName().equals(FULL_COLLECTIONS))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException("Cannot count full collections: run with -XX:+UseG1GC"));
  }
}
