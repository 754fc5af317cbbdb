// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.process;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The processes that this JVM has started and not closed; killed when it exits. A JVM that is
 * killed itself does not come to this: see {@link Launcher}.
 */
final class Children {

  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
  }

  private Children() {}

  static Process start(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    RUNNING.add(process);
    return process;
  }

  static void remove(Process process) {
    RUNNING.remove(process);
  }
}
