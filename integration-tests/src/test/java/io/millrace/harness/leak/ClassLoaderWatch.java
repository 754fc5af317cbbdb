// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.leak;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Class loaders of this JVM that must become unreachable. Holds none of them. Thread-safe, as jobs
 * report theirs from their own threads.
 */
final class ClassLoaderWatch {

  private final ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();
  private final Map<Reference<?>, Watched> watched = new HashMap<>();

  /**
   * The weak reference leads to the loader for the message; the phantom one proves that it goes.
   */
  private record Watched(String name, WeakReference<ClassLoader> loader) {}

  synchronized void add(ClassLoader loader, String name) {
    boolean known = watched.values().stream().anyMatch(other -> other.loader.refersTo(loader));
    if (!known) {
      watched.put(
          new PhantomReference<>(loader, collected),
          new Watched(name, new WeakReference<>(loader)));
    }
  }

  /** How many were added and not yet collected; does not collect. */
  synchronized int alive() {
    for (Reference<?> gone = collected.poll(); gone != null; gone = collected.poll()) {
      watched.remove(gone);
    }
    return watched.size();
  }

  /** Names those that are still reachable, with the threads that hold them by their context. */
  synchronized List<String> describe() {
    List<String> names = new ArrayList<>();
    alive();
    for (Watched each : watched.values()) {
      StringBuilder text = new StringBuilder(each.name);
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        ClassLoader context = thread.getContextClassLoader();
        if (context != null && each.loader.refersTo(context)) {
          text.append(", context of thread \"").append(thread.getName()).append('"');
        }
        if (each.loader.refersTo(thread.getClass().getClassLoader())) {
          text.append(", loader of thread \"").append(thread.getName()).append('"');
        }
      }
      names.add(text.toString());
    }
    return names;
  }

  /** Writes the live objects of this JVM, so that a tool can tell what holds a loader. */
  static Path dumpHeap(Path directory) throws IOException {
    Files.createDirectories(directory);
    Path file =
        directory.resolve(
            String.format(
                Locale.ROOT,
                "leak-%d-%d.hprof",
                ProcessHandle.current().pid(),
                System.currentTimeMillis()));
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpHeap(file.toString(), true);
    return file;
  }
}
