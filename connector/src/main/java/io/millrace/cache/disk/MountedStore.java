// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import io.millrace.cache.AccessPlan;
import io.millrace.cache.Extent;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The store of a {@link DiskVolume} while there is one, with the lock on its directory. Plans and
 * counts outlive it: the next one goes on with them. Thread-safe; the volume's writer alone mounts
 * and unmounts.
 */
final class MountedStore {

  /** More than this are not discarded from a disk that is off. */
  private static final int MAX_DISCARDS = 10_000;

  private volatile @Nullable Mounted mounted;

  private List<AccessPlan> plans = List.of();

  /** Discarded while there was no store: the next one may find them. */
  private final Set<Extent> discards = new HashSet<>();

  /** Counted by the stores before this one, since the last reset. */
  private SegmentStore.Counts before = SegmentStore.Counts.NONE;

  private record Mounted(StoreDirectory directory, SegmentStore store) {}

  /** What there is now; null if it is off. */
  @Nullable SegmentStore store() {
    Mounted now = mounted;
    return now == null ? null : now.store;
  }

  @Nullable StoreDirectory directory() {
    Mounted now = mounted;
    return now == null ? null : now.directory;
  }

  synchronized List<AccessPlan> plans() {
    return plans;
  }

  synchronized void setPlans(List<AccessPlan> live) {
    plans = List.copyOf(live);
    SegmentStore store = store();
    if (store != null) {
      store.setPlans(plans);
    }
  }

  synchronized void discard(Extent extent) {
    SegmentStore store = store();
    if (store != null) {
      store.discard(extent);
    } else if (discards.size() < MAX_DISCARDS) {
      discards.add(extent);
    }
  }

  /** With the plans and discards of this moment: there may have been some since it was opened. */
  synchronized void mount(StoreDirectory directory, SegmentStore store) {
    store.setPlans(plans);
    discards.forEach(store::discard);
    discards.clear();
    mounted = new Mounted(directory, store);
  }

  /** Closes what there is. */
  void unmount() {
    Mounted now = mounted;
    synchronized (this) {
      mounted = null;
      before = now == null ? before : now.store.counts().after(before);
    }
    if (now != null) {
      try {
        now.store.close();
      } finally {
        now.directory.close();
      }
    }
  }

  /** What there is, which is nothing if it is off, and what was counted until now. */
  synchronized SegmentStore.Counts counts() {
    SegmentStore store = store();
    return (store == null ? SegmentStore.Counts.NONE : store.counts()).after(before);
  }

  synchronized void resetCounters() {
    before = SegmentStore.Counts.NONE;
    SegmentStore store = store();
    if (store != null) {
      store.resetCounters();
    }
  }
}
