// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import io.millrace.cache.AccessPlan;
import io.millrace.cache.CachePolicy;
import io.millrace.cache.CurrentVersions;
import io.millrace.cache.Extent;
import io.millrace.cache.ExtentAges;
import io.millrace.cache.TimeToLive;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which extents a {@link SegmentStore} has, and its sums. Every method is called under the store's
 * lock; none does more than change references and numbers.
 */
final class StoreContents {

  private final CachePolicy policy;
  private final Map<Extent, StoredExtent> extents = new HashMap<>();
  private final CurrentVersions versions = new CurrentVersions();
  private final ExtentAges<StoredExtent> ages;

  /** Records to be marked dead on disk, unless their whole segment goes. */
  private List<StoredExtent> unmarked = new ArrayList<>();

  private long liveBytes;
  private long rawBytes;
  private long indexBytes;
  private long evictions;
  private long rejections;
  private long expirations;

  /**
   * @param ttl how long extents are served
   */
  StoreContents(CachePolicy policy, TimeToLive ttl) {
    this.policy = policy;
    this.ages = new ExtentAges<>(ttl);
  }

  /** What there is of an extent, unless it is too old. */
  @Nullable StoredExtent get(Extent extent) {
    expire();
    return extents.get(extent);
  }

  /**
   * Drops what is too old: with each look-up, before room is made and before anything is counted,
   * so that it goes first, and whether or not it is asked for.
   */
  void expire() {
    for (StoredExtent old = ages.oldestExpired(); old != null; old = ages.oldestExpired()) {
      remove(old);
      expirations++;
    }
  }

  Collection<StoredExtent> all() {
    return extents.values();
  }

  void setPlans(List<AccessPlan> plans) {
    policy.onPlans(plans);
  }

  /** Whether an extent is worth room that there is, or that others can make; changes nothing. */
  boolean wouldAdmit(Extent extent, long bytes, long liveBound) {
    return policy.admits(extent)
        && bytes <= liveBound
        && (liveBytes + bytes <= liveBound || policy.victim(extent) != null);
  }

  /** Makes room for an extent if it is worth that. */
  boolean admit(Extent extent, long bytes, long liveBound, long indexBound) {
    long index = StoredExtent.indexBytes(extent);
    if (!policy.admits(extent) || bytes > liveBound || index > indexBound) {
      rejections++;
      return false;
    }
    while (liveBytes + bytes > liveBound || indexBytes + index > indexBound) {
      Extent victim = policy.victim(extent);
      if (victim == null) {
        rejections++;
        return false;
      }
      evict(victim);
    }
    return true;
  }

  /** Evicts until the live records are within a bound. */
  void evictTo(long liveBound, long indexBound) {
    expire();
    while (liveBytes > liveBound || indexBytes > indexBound) {
      Extent victim = policy.victim(null);
      if (victim == null) {
        throw new IllegalStateException(
            "Cache policy " + policy.name() + " lost " + liveBytes + " bytes of extents on disk");
      }
      evict(victim);
    }
  }

  private void evict(Extent victim) {
    StoredExtent stored = extents.get(victim);
    if (stored == null) {
      throw new IllegalStateException(
          "Cache policy " + policy.name() + " chose what is not on disk: " + victim);
    }
    remove(stored);
    evictions++;
  }

  /** Adds an extent; one that is there already, or other content of the object, goes. */
  void add(StoredExtent stored) {
    Extent extent = stored.extent;
    StoredExtent before = extents.get(extent);
    if (before != null) {
      remove(before);
    }
    dropOtherVersions(extent);
    extents.put(extent, stored);
    stored.age = ages.add(stored, stored.fetchedNanos);
    versions.added(extent);
    liveBytes += stored.recordBytes;
    rawBytes += extent.length();
    indexBytes += StoredExtent.indexBytes(extent);
    stored.segment.liveBytes += stored.recordBytes;
    policy.onUnpinned(extent);
  }

  /** Notes a record that was found too old to be added. */
  void foundExpired(StoredExtent stored) {
    foundDead(stored);
    expirations++;
  }

  /** Notes a record that was found and counts no more, so that it is marked. */
  void foundDead(StoredExtent stored) {
    stored.dead = true;
    unmarked.add(stored);
  }

  /** An object was replaced: nobody will ask for what it was before. */
  private void dropOtherVersions(Extent extent) {
    if (versions.isCurrent(extent)) {
      return;
    }
    List<StoredExtent> old = new ArrayList<>();
    for (StoredExtent stored : extents.values()) {
      if (stored.extent.object().equals(extent.object())
          && !stored.extent.version().agreesWith(extent.version())) {
        old.add(stored);
      }
    }
    old.forEach(this::remove);
  }

  void remove(StoredExtent stored) {
    if (stored.dead) {
      return;
    }
    Extent extent = stored.extent;
    stored.dead = true;
    extents.remove(extent);
    policy.onPinnedOrRemoved(extent);
    versions.removed(extent);
    if (stored.age != null) {
      ages.remove(stored.age);
    }
    liveBytes -= stored.recordBytes;
    rawBytes -= extent.length();
    indexBytes -= StoredExtent.indexBytes(extent);
    stored.segment.liveBytes -= stored.recordBytes;
    unmarked.add(stored);
  }

  /** Notes that an extent was moved. */
  void moved(StoredExtent stored, Segment to, long offset) {
    stored.segment.liveBytes -= stored.recordBytes;
    stored.segment = to;
    stored.offset = offset;
    to.liveBytes += stored.recordBytes;
  }

  void used(StoredExtent stored) {
    policy.onUnpinned(stored.extent);
  }

  int lifetime(Extent extent) {
    return policy.lifetime(extent);
  }

  /** Hands over what is to be marked dead. */
  List<StoredExtent> takeUnmarked() {
    List<StoredExtent> taken = unmarked;
    unmarked = new ArrayList<>();
    return taken;
  }

  /** Takes back what was not marked yet. */
  void putBackUnmarked(List<StoredExtent> notMarked) {
    unmarked.addAll(notMarked);
  }

  long liveBytes() {
    return liveBytes;
  }

  /** Bytes that the live records stand for. */
  long rawBytes() {
    return rawBytes;
  }

  long indexBytes() {
    return indexBytes;
  }

  int count() {
    return extents.size();
  }

  long evictions() {
    return evictions;
  }

  long rejections() {
    return rejections;
  }

  long expirations() {
    return expirations;
  }

  void resetCounters() {
    evictions = 0;
    rejections = 0;
    expirations = 0;
  }
}
