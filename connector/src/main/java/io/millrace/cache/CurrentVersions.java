// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectVersion;
import java.util.HashMap;
import java.util.Map;

/**
 * Which content of each object a cache keeps extents of, and of how many. Of an object that was
 * replaced the cache drops what it keeps of before: nobody will ask for it. Not thread-safe.
 */
public final class CurrentVersions {

  private final Map<ObjectLocation, Version> versions = new HashMap<>();

  private static final class Version {
    private ObjectVersion version;
    private int extents;

    private Version(ObjectVersion version) {
      this.version = version;
    }
  }

  /** Whether an extent is of the content that is known of its object, or none is. */
  public boolean isCurrent(Extent extent) {
    Version known = versions.get(extent.object());
    return known == null || known.version.agreesWith(extent.version());
  }

  /** Counts an extent, whose version is the current one from now on. */
  public void added(Extent extent) {
    Version known =
        versions.computeIfAbsent(extent.object(), object -> new Version(extent.version()));
    if (!known.version.agreesWith(extent.version())) {
      known.version = extent.version();
    }
    known.extents++;
  }

  /** Ends what {@link #added} began. */
  public void removed(Extent extent) {
    Version known = versions.get(extent.object());
    if (known != null && --known.extents == 0) {
      versions.remove(extent.object());
    }
  }

  void clear() {
    versions.clear();
  }
}
