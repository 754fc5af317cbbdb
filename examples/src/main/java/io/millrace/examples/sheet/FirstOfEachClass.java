// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples.sheet;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Keeps the thumbnails with the smallest positions of each of the smallest labels. What is kept
 * does not depend on the order in which they come.
 */
final class FirstOfEachClass implements Serializable {

  private static final long serialVersionUID = 1L;

  private final int classes;
  private final int perClass;

  /** Positions kept, by label. */
  private final TreeMap<Long, TreeSet<Long>> kept = new TreeMap<>();

  /**
   * @param classes most labels to keep
   * @param perClass most thumbnails of a label
   */
  FirstOfEachClass(int classes, int perClass) {
    this.classes = classes;
    this.perClass = perClass;
  }

  /** Whether a thumbnail is among those to keep, as far as is known by now; counts it then. */
  boolean admits(long label, long position) {
    if (!kept.containsKey(label) && kept.size() >= classes) {
      if (label > kept.lastKey()) {
        return false;
      }
      kept.pollLastEntry();
    }
    TreeSet<Long> positions = kept.computeIfAbsent(label, any -> new TreeSet<>());
    if (positions.size() >= perClass) {
      if (position > positions.last()) {
        return false;
      }
      positions.pollLast();
    }
    return positions.add(position);
  }

  /** Those of the thumbnails that are kept, by label and position. */
  static List<Thumbnail> of(List<Thumbnail> thumbnails, int classes, int perClass) {
    FirstOfEachClass first = new FirstOfEachClass(classes, perClass);
    thumbnails.forEach(thumbnail -> first.admits(thumbnail.label(), thumbnail.position()));
    List<Thumbnail> result = new ArrayList<>();
    for (Thumbnail thumbnail : thumbnails) {
      TreeSet<Long> positions = first.kept.get(thumbnail.label());
      if (positions != null && positions.contains(thumbnail.position())) {
        result.add(thumbnail);
      }
    }
    result.sort(Comparator.comparingLong(Thumbnail::label).thenComparingLong(Thumbnail::position));
    return result;
  }
}
