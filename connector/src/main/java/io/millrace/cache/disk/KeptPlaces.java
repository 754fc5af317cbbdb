// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import io.millrace.storage.ObjectLocation;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers, by directory, which objects {@link LocalFiles} lets onto the disk. Thread-safe. */
final class KeptPlaces {

  /** Beyond this it begins anew: datasets have few directories. */
  private static final int MAX_DIRECTORIES = 4096;

  private final LocalFiles choice;
  private final ConcurrentHashMap<String, Boolean> known = new ConcurrentHashMap<>();

  KeptPlaces(LocalFiles choice) {
    this.choice = choice;
  }

  boolean keeps(ObjectLocation object) {
    String uri = object.uri();
    if (!uri.startsWith("file:")) {
      return true;
    }
    return keepsBelow(ObjectLocation.of(uri.substring(0, uri.lastIndexOf('/') + 1)));
  }

  boolean keepsBelow(ObjectLocation directory) {
    Boolean kept = known.get(directory.uri());
    if (kept == null) {
      kept = choice.keeps(directory);
      if (known.size() >= MAX_DIRECTORIES) {
        known.clear();
      }
      known.put(directory.uri(), kept);
    }
    return kept;
  }
}
