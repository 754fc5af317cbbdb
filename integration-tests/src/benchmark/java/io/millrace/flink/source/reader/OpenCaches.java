// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.cache.CacheParts;

/** Lets benchmarks look into the caches of the jobs that run in this process. */
public final class OpenCaches {

  private OpenCaches() {}

  /** How many there are: a job's cache is closed some time after the job has ended. */
  public static int count() {
    return SharedCaches.openCaches();
  }

  /** What they hold together at this moment. */
  public static CacheParts parts() {
    return CacheParts.of(SharedCaches.open().stream().map(SharedCache::cache).toList());
  }
}
