// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many calls that nobody waits for have not come back: at each root that is counted apart, and
 * at all other places together. Thread-safe.
 */
final class AbandonedCalls {

  private final Map<ObjectLocation, AtomicInteger> atRoots = new ConcurrentHashMap<>();
  private final AtomicInteger elsewhere = new AtomicInteger();

  void countApart(ObjectLocation root) {
    atRoots.putIfAbsent(root, new AtomicInteger());
  }

  /** The counter of the innermost root that a location is below. */
  AtomicInteger at(ObjectLocation location) {
    return atRoots.entrySet().stream()
        .filter(root -> isBelow(root.getKey(), location))
        .max(Comparator.comparingInt(root -> root.getKey().uri().length()))
        .map(Map.Entry::getValue)
        .orElse(elsewhere);
  }

  private static boolean isBelow(ObjectLocation root, ObjectLocation location) {
    String uri = root.uri();
    return location.uri().startsWith(uri)
        && (uri.endsWith("/")
            || location.uri().length() == uri.length()
            || location.uri().charAt(uri.length()) == '/');
  }
}
