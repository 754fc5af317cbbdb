// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.SideBySide;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStatus;
import io.millrace.storage.ObjectStore;
import io.millrace.storage.ObjectVersion;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Future;

/**
 * The samples in a directory tree, in their order: path by path, name by name, so that what a
 * directory holds stands where the directory's name does. Compressing a sample does not move it.
 *
 * <p>Each directory is listed once, the next few while one is walked. A directory that a link leads
 * back to would be found again below itself without end: its depth stops that, on the first path
 * that is too deep.
 */
final class SampleTree {

  /** Below the 40 links that Linux follows in a path, so that a circle is told as what it is. */
  static final int MAX_DEPTH = 32;

  /** Takes one sample after the other. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Takes a sample.
     *
     * @param path of its file, below the root
     */
    void visit(String path, ObjectVersion version) throws IOException;
  }

  private static final Comparator<Entry> ORDER =
      Comparator.comparing(Entry::sample)
          .thenComparing(Entry::directory)
          .thenComparing(Entry::name);

  private final ObjectStore store;
  private final ObjectLocation root;
  private final SideBySide requests;

  SampleTree(ObjectStore store, ObjectLocation root, SideBySide requests) {
    this.store = store;
    this.root = root;
    this.requests = requests;
  }

  /**
   * Visits every sample.
   *
   * @param children what the root holds
   */
  void walk(List<ObjectStatus> children, Visitor visitor) throws IOException {
    walk(entries(children), "", 0, visitor);
  }

  private void walk(List<Entry> entries, String prefix, int depth, Visitor visitor)
      throws IOException {
    List<Entry> directories = entries.stream().filter(Entry::directory).toList();
    if (depth == MAX_DEPTH && !directories.isEmpty()) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "Cannot find the samples below %s: directories are nested more than %d deep in %s; perhaps a link leads back to a directory above it",
              root,
              MAX_DEPTH,
              prefix + directories.get(0).name()));
    }
    Deque<Future<List<Entry>>> ahead = new ArrayDeque<>();
    int begun = 0;
    for (Entry entry : entries) {
      String path = prefix + entry.name();
      if (!entry.directory()) {
        location(path);
        visitor.visit(path, entry.version());
        continue;
      }
      for (; begun < directories.size() && ahead.size() < SideBySide.THREADS; begun++) {
        ObjectLocation next = location(prefix + directories.get(begun).name());
        ahead.add(requests.begin(() -> entries(store.list(next))));
      }
      List<Entry> below = SideBySide.await(ahead.remove(), "list " + root + "/" + path);
      walk(below, path + "/", depth + 1, visitor);
    }
  }

  private ObjectLocation location(String path) throws IOException {
    try {
      return root.resolve(path);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage() + "; rename it", e);
    }
  }

  /** What counts of a listing, in order: no hidden names, of a sample one file only. */
  private static List<Entry> entries(List<ObjectStatus> children) {
    List<Entry> sorted = new ArrayList<>();
    for (ObjectStatus child : children) {
      String name = child.location().name();
      if (child.directory() && !SampleNames.isHidden(name)) {
        sorted.add(new Entry(name, name, true, child.version()));
      } else if (!child.directory() && SampleNames.isSample(name)) {
        sorted.add(new Entry(name, SampleNames.sampleOf(name), false, child.version()));
      }
    }
    sorted.sort(ORDER);
    List<Entry> entries = new ArrayList<>(sorted.size());
    for (Entry entry : sorted) {
      Entry last = entries.isEmpty() ? null : entries.get(entries.size() - 1);
      // Of both forms of a sample the shorter name comes first: the one that is not compressed.
      if (last == null || entry.directory() || !last.isSample(entry.sample())) {
        entries.add(entry);
      }
    }
    return entries;
  }

  /**
   * A sample's file or a directory.
   *
   * @param sample the name by which it is ordered
   */
  private record Entry(String name, String sample, boolean directory, ObjectVersion version) {

    boolean isSample(String other) {
      return !directory && sample.equals(other);
    }
  }
}
