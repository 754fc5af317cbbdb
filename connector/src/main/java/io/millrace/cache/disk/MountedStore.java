// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import io.millrace.cache.AccessPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The store of a {@link DiskVolume} while there is one, with the lock on its directory. Plans and
 * counts outlive it: the next one goes on with them. Thread-safe; the volume's writer alone mounts
 * and unmounts.
 */
final class MountedStore {

  private volatile @Nullable Mounted mounted;

  private List<AccessPlan> plans = List.of();

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

  /** With the plans of this moment, which may have changed while the store was opened. */
  synchronized void mount(StoreDirectory directory, SegmentStore store) {
    store.setPlans(plans);
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
