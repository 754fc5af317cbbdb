// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.leak;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.management.JMException;
import javax.management.ObjectName;

/** The JVM that asks. */
final class ThisJvm implements JvmProbe {

  @Override
  public List<ThreadState> threads() {
    return Thread.getAllStackTraces().entrySet().stream()
        .map(
            entry ->
                new ThreadState(
                    entry.getKey().getId(),
                    entry.getKey().getName(),
                    Arrays.stream(entry.getValue())
                        .map(at -> at.getClassName() + "." + at.getMethodName())
                        .toList()))
        .toList();
  }

  @Override
  public Optional<Map<String, Integer>> descriptors() throws IOException {
    return Descriptors.of(ProcessHandle.current().pid());
  }

  @Override
  public Set<String> classPath() {
    return ClassPath.of(System.getProperty("java.class.path"), System.getProperty("java.home"));
  }

  /** A histogram of live objects comes with a full collection. */
  @Override
  public Map<String, Long> instances() throws IOException {
    LastRecord.displace();
    System.gc();
    try {
      Object text =
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "gcClassHistogram",
                  new Object[] {new String[0]},
                  new String[] {String[].class.getName()});
      return Histogram.parse(String.valueOf(text));
    } catch (JMException e) {
      throw new IOException("Cannot count the instances of this JVM's classes", e);
    }
  }
}
