// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStatus;
import io.millrace.storage.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The partitions of a dataset: directories {@code key=value} below its root, as many levels as
 * there are keys, and a dataset in each of the last level. Lists each directory above these at most
 * once; what lies in a partition is not looked at. Directories whose names begin with {@code .} or
 * {@code _} are left out, and files beside directories.
 */
public final class PartitionTree {

  /** More are no partitions of one table. */
  static final int MAX_PARTITIONS = 100_000;

  private final ObjectStore store;
  private final ObjectLocation root;
  private final DatasetFormats formats;
  private final Map<ObjectLocation, List<ObjectStatus>> listings = new ConcurrentHashMap<>();

  public PartitionTree(ObjectStore store, ObjectLocation root, DatasetFormats formats) {
    this.store = store;
    this.root = root;
    this.formats = formats;
  }

  /** Whether what a directory holds are partitions, and nothing else. */
  public static boolean arePartitions(List<ObjectStatus> children) {
    List<String> names = directories(children);
    return !names.isEmpty() && names.stream().allMatch(PartitionPath::isPartition);
  }

  /** The keys of the partitions that a directory holds right below it, each once. */
  public static List<String> keysOf(List<ObjectStatus> children) {
    return directories(children).stream()
        .filter(PartitionPath::isPartition)
        .map(name -> PartitionPath.ROOT.child(name).lastKey())
        .distinct()
        .toList();
  }

  private static List<String> directories(List<ObjectStatus> children) {
    return children.stream()
        .filter(ObjectStatus::directory)
        .map(child -> child.location().name())
        .filter(name -> !name.startsWith(".") && !name.startsWith("_"))
        .toList();
  }

  /** The first partition that has no partitions in it; the root itself if it is not partitioned. */
  public PartitionPath first() throws IOException {
    PartitionPath found = PartitionPath.ROOT;
    while (true) {
      List<String> names =
          directories(list(found)).stream().filter(PartitionPath::isPartition).toList();
      if (names.isEmpty()) {
        return found;
      }
      found = found.child(names.get(0));
    }
  }

  /** Whether a dataset lies in a partition that {@link #first} found. */
  public boolean holdsDataset(PartitionPath partition) throws IOException {
    return formats.recognise(list(partition));
  }

  /**
   * All partitions, in the order of their directories' names.
   *
   * @param keys in their order from the root downwards
   * @throws IOException if there is none, or they have other keys, or not all of them; the message
   *     says what to change
   */
  public List<PartitionPath> all(List<String> keys) throws IOException {
    checkKeys(keys, first());
    List<PartitionPath> level = List.of(PartitionPath.ROOT);
    for (String key : keys) {
      List<Callable<List<PartitionPath>>> requests = new ArrayList<>();
      for (PartitionPath parent : level) {
        requests.add(() -> children(parent, key));
      }
      level =
          SideBySide.all(requests, "list the partitions of " + root).stream()
              .flatMap(List::stream)
              .toList();
      if (level.size() > MAX_PARTITIONS) {
        throw new IOException(
            "it has "
                + level.size()
                + " partitions, more than "
                + MAX_PARTITIONS
                + "; set path to one of its directories");
      }
    }
    return level;
  }

  private void checkKeys(List<String> keys, PartitionPath first) throws IOException {
    if (first.keys().isEmpty()) {
      throw new IOException(
          "it is not partitioned: there is no directory "
              + keys.get(0)
              + "=VALUE in it; leave PARTITIONED BY out, or check the path");
    }
    if (!first.keys().equals(keys)) {
      throw new IOException(
          "it is not partitioned by ("
              + String.join(", ", keys)
              + "), but as in "
              + first.directory()
              + ": declare PARTITIONED BY ("
              + first.keys().stream().map(key -> "`" + key + "`").collect(Collectors.joining(", "))
              + ")");
    }
  }

  private List<PartitionPath> children(PartitionPath parent, String key) throws IOException {
    List<ObjectStatus> entries = list(parent);
    String where = parent.directory().isEmpty() ? "it" : "its directory " + parent.directory();
    if (formats.recognise(entries)) {
      throw new IOException(
          where
              + " holds a dataset itself, beside or instead of partitions "
              + key
              + "=VALUE: move that into one");
    }
    List<PartitionPath> children = new ArrayList<>();
    for (String name : directories(entries)) {
      if (!PartitionPath.isPartition(name) || !parent.child(name).lastKey().equals(key)) {
        throw new IOException(
            where
                + " holds the directory "
                + name
                + " among partitions "
                + key
                + "=VALUE: move it away, or begin its name with _");
      }
      children.add(parent.child(name));
    }
    return children;
  }

  private List<ObjectStatus> list(PartitionPath directory) throws IOException {
    ObjectLocation location =
        directory.directory().isEmpty() ? root : root.resolve(directory.directory());
    List<ObjectStatus> known = listings.get(location);
    if (known == null) {
      known = store.list(location);
      listings.put(location, known);
    }
    return known;
  }
}
