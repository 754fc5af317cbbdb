// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.cache.disk.DiskSettings;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.util.UserCodeClassLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The caches of this process. A cache lives from the first lease to the last one. Readers hold a
 * lease while they are open; a job holds one from its first reader on until Flink releases the
 * job's class loader, so that a cache outlives the failover of all its readers, but not the job.
 */
final class SharedCaches {

  private static final Logger LOG = LoggerFactory.getLogger(SharedCaches.class);

  private static final Map<SharedCache.Key, Shared> OPEN = new HashMap<>();

  /** Caches on disk that are being closed: who comes next is to find what they leave. */
  private static final Set<DiskSettings> CLOSING =
      Collections.newSetFromMap(new IdentityHashMap<>());

  /** Longer than a cache takes to close. */
  private static final Duration CLOSING_LIMIT = Duration.ofSeconds(30);

  private SharedCaches() {}

  /**
   * Leases a cache for a reader and, once, for its job. Waits for one in the same directory that is
   * being closed.
   *
   * @throws IllegalArgumentException if a directory is in use with other sizes, or if the caches of
   *     the process together may take more than its heap
   */
  static Lease lease(SharedCache.Key key, UserCodeClassLoader jobClassLoader) {
    Shared shared;
    boolean firstOfJob;
    synchronized (OPEN) {
      awaitClosed(key.disk());
      checkSizes(key.disk());
      checkMemory(key);
      shared = OPEN.computeIfAbsent(key, k -> new Shared(new SharedCache(k)));
      shared.leases++;
      firstOfJob = shared.jobs.add(jobClassLoader.asClassLoader());
      if (firstOfJob) {
        shared.leases++;
      }
    }
    if (firstOfJob) {
      ClassLoader loader = jobClassLoader.asClassLoader();
      jobClassLoader.registerReleaseHookIfAbsent(
          "millrace-cache-" + Integer.toHexString(System.identityHashCode(shared)),
          () -> releaseJob(key, shared, loader));
    }
    return new Lease(key, shared);
  }

  private static void awaitClosed(DiskSettings disk) {
    long end = System.nanoTime() + CLOSING_LIMIT.toNanos();
    try {
      while (CLOSING.stream().anyMatch(disk::sharesDirectory)) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          return; // it takes a sub-directory of its own
        }
        OPEN.wait(left / 1_000_000 + 1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(
          "Interrupted while waiting for the cache in " + disk.directories() + " to close", e);
    }
  }

  private static void checkSizes(DiskSettings disk) {
    for (SharedCache.Key open : OPEN.keySet()) {
      if (open.disk().sharesDirectory(disk) && !open.disk().equals(disk)) {
        throw new IllegalArgumentException(
            "Cannot open a cache on disk with "
                + disk
                + ": another job on this TaskManager has one in the same directory with "
                + open.disk()
                + "; give both the same cache.disk options, or directories of their own");
      }
    }
  }

  /** Options that differ make a second cache, which takes memory of its own. */
  private static void checkMemory(SharedCache.Key key) {
    if (OPEN.containsKey(key)) {
      return;
    }
    long others = OPEN.keySet().stream().mapToLong(open -> open.cache().memoryBytes()).sum();
    long own = key.cache().memoryBytes();
    long heap = Runtime.getRuntime().maxMemory();
    if (own > heap - others) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot open a cache of %d bytes: the heap of this process has %d, and %d other caches in it may take %d; set cache.memory.size to less, or give tables the same cache, prefetch and storage options, so that they share a cache",
              own,
              heap,
              OPEN.size(),
              others));
    }
    if (!OPEN.isEmpty()) {
      LOG.warn(
          "Opening cache {} of this process, of {} bytes beside {} of the others: sources whose cache and storage options are equal share one",
          OPEN.size() + 1,
          own,
          others);
    }
  }

  private static void releaseJob(SharedCache.Key key, Shared shared, ClassLoader loader) {
    boolean held;
    synchronized (OPEN) {
      held = shared.jobs.remove(loader);
    }
    if (held) {
      release(key, shared);
    }
  }

  private static void release(SharedCache.Key key, Shared shared) {
    synchronized (OPEN) {
      shared.leases--;
      if (shared.leases > 0) {
        return;
      }
      OPEN.remove(key, shared);
      CLOSING.add(key.disk());
    }
    try {
      shared.cache.close();
    } finally {
      synchronized (OPEN) {
        CLOSING.remove(key.disk());
        OPEN.notifyAll();
      }
    }
  }

  /** Those that are open at the moment; each may be closed at any time. */
  static List<SharedCache> open() {
    synchronized (OPEN) {
      return OPEN.values().stream().map(shared -> shared.cache).toList();
    }
  }

  /** Number of open caches, for tests. */
  static int openCaches() {
    synchronized (OPEN) {
      return OPEN.size();
    }
  }

  private static final class Shared {
    private final SharedCache cache;
    private final Set<ClassLoader> jobs = Collections.newSetFromMap(new IdentityHashMap<>());
    private int leases;

    private Shared(SharedCache cache) {
      this.cache = cache;
    }
  }

  /** A reader's hold on a cache; closing it twice is harmless. */
  static final class Lease implements AutoCloseable {
    private final SharedCache.Key key;
    private final Shared shared;
    private boolean closed;

    private Lease(SharedCache.Key key, Shared shared) {
      this.key = key;
      this.shared = shared;
    }

    SharedCache cache() {
      return shared.cache;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        release(key, shared);
      }
    }
  }
}
