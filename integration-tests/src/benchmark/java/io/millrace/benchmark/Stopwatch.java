// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Wall time, and processor time of the whole process, since it was made. */
final class Stopwatch {

  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final long cpuStart = SYSTEM.getProcessCpuTime();
  private final long start = System.nanoTime();

  long wallNanos() {
    return System.nanoTime() - start;
  }

  long cpuNanos() {
    return SYSTEM.getProcessCpuTime() - cpuStart;
  }
}
