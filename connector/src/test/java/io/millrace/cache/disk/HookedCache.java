// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import io.millrace.cache.AccessPlan;
import io.millrace.cache.ByteBudget;
import io.millrace.cache.CacheStatistics;
import io.millrace.cache.Extent;
import io.millrace.cache.ExtentCache;
import io.millrace.cache.ExtentChecksums;
import io.millrace.cache.ExtentFetcher;
import io.millrace.cache.PinnedExtent;
import io.millrace.storage.ByteChunks;
import java.io.IOException;

/** A cache in which something happens just before an extent is discarded. */
final class HookedCache implements ExtentCache {

  private final ExtentCache cache;
  private final Hook beforeDiscard;

  /** What happens. */
  interface Hook {
    void on(Extent extent) throws IOException, InterruptedException;
  }

  HookedCache(ExtentCache cache, Hook beforeDiscard) {
    this.cache = cache;
    this.beforeDiscard = beforeDiscard;
  }

  @Override
  public void discard(Extent extent) {
    try {
      beforeDiscard.on(extent);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
    cache.discard(extent);
  }

  @Override
  public PinnedExtent acquire(Extent extent, ExtentFetcher fetcher, Access access)
      throws IOException, InterruptedException {
    return cache.acquire(extent, fetcher, access);
  }

  @Override
  public boolean isResident(Extent extent) {
    return cache.isResident(extent);
  }

  @Override
  public boolean isOnItsWay(Extent extent) {
    return cache.isOnItsWay(extent);
  }

  @Override
  public ByteChunks allocate(long length) {
    return cache.allocate(length);
  }

  @Override
  public void release(ByteChunks chunks) {
    cache.release(chunks);
  }

  @Override
  public ByteBudget workingMemory() {
    return cache.workingMemory();
  }

  @Override
  public ExtentChecksums checksums() {
    return cache.checksums();
  }

  @Override
  public Registration register(AccessPlan plan) {
    return cache.register(plan);
  }

  @Override
  public CacheStatistics statistics() {
    return cache.statistics();
  }

  @Override
  public void resetStatistics() {
    cache.resetStatistics();
  }

  @Override
  public void clear() {
    cache.clear();
  }

  @Override
  public void close() {
    cache.close();
  }
}
