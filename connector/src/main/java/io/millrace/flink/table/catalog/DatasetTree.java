// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.catalog;

import io.millrace.flink.storage.FlinkObjectStore;
import io.millrace.format.DatasetFormats;
import io.millrace.format.PartitionPath;
import io.millrace.format.PartitionTree;
import io.millrace.format.SideBySide;
import io.millrace.storage.DecoratedObjectStore;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStatus;
import io.millrace.storage.ObjectStore;
import io.millrace.storage.ObjectStores;
import io.millrace.storage.OriginCounters;
import io.millrace.storage.StorageSettings;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directories below a root: those that hold a dataset, and the others. Nothing is remembered;
 * every call asks the store, and closes what it opened. Paths are relative, of names separated by
 * {@code /}; the root is the empty one.
 */
final class DatasetTree {

  private static final Logger LOG = LoggerFactory.getLogger(DatasetTree.class);

  /** More directories than this beside each other are no catalog for people. */
  static final int MAX_DIRECTORIES = 10_000;

  /** Partitions of a dataset, and what writers and tools keep for themselves. */
  private static final Pattern IGNORED = Pattern.compile("[._].*|.*=.*", Pattern.DOTALL);

  private final List<ObjectLocation> roots;
  private final StorageSettings storage;
  private final DatasetFormats formats;

  DatasetTree(List<ObjectLocation> roots, StorageSettings storage) {
    this.roots = List.copyOf(roots);
    this.storage = storage;
    this.formats = DatasetFormats.load(DatasetTree.class.getClassLoader());
  }

  /** What a directory is. */
  enum Kind {
    /** It holds a dataset. */
    DATASET,
    /** It holds nothing but partitions, the first of which hold datasets. */
    PARTITIONED,
    /** It may hold directories with datasets. */
    FOLDER,
    /** There is no such directory, or its name says that it is neither. */
    NOTHING
  }

  /** A directory's sub-directories by kind, in order of their names. */
  record Children(List<String> datasets, List<String> folders) {}

  /** Where a path lies, under each root; without credentials in its text. */
  List<ObjectLocation> locations(String path) {
    return path.isEmpty() ? roots : roots.stream().map(root -> root.resolve(path)).toList();
  }

  /** Where the root lies, for messages. */
  String location() {
    return roots.stream().map(ObjectLocation::toString).collect(Collectors.joining(";"));
  }

  /**
   * What lies at a path.
   *
   * @param entries what the directory holds; empty if it is none
   * @param keys of the partitions, from the directory downwards; empty if it has none
   */
  record Look(Kind kind, List<ObjectStatus> entries, List<String> keys) {

    private static final Look NOTHING = new Look(Kind.NOTHING, List.of(), List.of());

    /** Whether it is a table. */
    boolean isTable() {
      return kind == Kind.DATASET || kind == Kind.PARTITIONED;
    }
  }

  /** Says what lies at a path; one listing, and one for each level of partitions. */
  Look look(String path) throws IOException {
    if (!isUsable(path)) {
      return Look.NOTHING;
    }
    return withStore(store -> look(store, locations(path).get(0)));
  }

  private Look look(ObjectStore store, ObjectLocation directory) throws IOException {
    try {
      List<ObjectStatus> entries = store.list(directory);
      if (formats.recognise(entries)) {
        return new Look(Kind.DATASET, entries, List.of());
      }
      List<String> keys = PartitionTree.arePartitions(entries) ? keys(store, directory) : List.of();
      return new Look(keys.isEmpty() ? Kind.FOLDER : Kind.PARTITIONED, entries, keys);
    } catch (FileNotFoundException e) {
      return Look.NOTHING;
    }
  }

  /** The keys of partitions, if there is a dataset in the first one. */
  private List<String> keys(ObjectStore store, ObjectLocation directory) throws IOException {
    PartitionTree tree = new PartitionTree(store, directory, formats);
    PartitionPath first = tree.first();
    return tree.holdsDataset(first) ? first.keys() : List.of();
  }

  /**
   * The partitions of a table that has these keys.
   *
   * @throws IOException if not all directories have them
   */
  List<PartitionPath> partitions(String path, List<String> keys) throws IOException {
    return withStore(store -> new PartitionTree(store, locations(path).get(0), formats).all(keys));
  }

  /** What may not be read is not shown, lest one such directory hides the others. */
  Kind shownKind(ObjectStore store, ObjectLocation directory) throws IOException {
    try {
      return look(store, directory).kind();
    } catch (AccessDeniedException e) {
      LOG.warn("Leaving {} out of a catalog: {}", directory, e.getMessage());
      return Kind.NOTHING;
    }
  }

  private static boolean isUsable(String path) {
    if (path.isEmpty()) {
      return true;
    }
    for (String name : path.split("/", -1)) {
      if (name.isEmpty() || IGNORED.matcher(name).matches() || name.indexOf('\\') >= 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * The sub-directories of a directory, each listed once, some at a time. Those that may not be
   * listed are left out, with a warning.
   *
   * @return nothing if there is no such directory, or a dataset lies in it
   * @throws IOException naming the directory that cannot be listed
   */
  Optional<Children> children(String path) throws IOException {
    return isUsable(path) ? withStore(store -> children(store, path)) : Optional.empty();
  }

  private Optional<Children> children(ObjectStore store, String path) throws IOException {
    ObjectLocation directory = locations(path).get(0);
    List<ObjectStatus> entries;
    try {
      entries = store.list(directory);
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
    if (formats.recognise(entries)
        || (PartitionTree.arePartitions(entries) && !keys(store, directory).isEmpty())) {
      return Optional.empty();
    }
    List<ObjectLocation> directories =
        entries.stream()
            .filter(ObjectStatus::directory)
            .map(ObjectStatus::location)
            .filter(location -> isUsable(location.name()))
            .toList();
    if (directories.size() > MAX_DIRECTORIES) {
      throw new IOException(
          directory
              + " has "
              + directories.size()
              + " directories, more than "
              + MAX_DIRECTORIES
              + "; name one further down as the path of the catalog");
    }
    return Optional.of(sorted(store, directories));
  }

  private Children sorted(ObjectStore store, List<ObjectLocation> directories) throws IOException {
    List<Callable<Kind>> requests =
        directories.stream().<Callable<Kind>>map(each -> () -> shownKind(store, each)).toList();
    List<String> datasets = new ArrayList<>();
    List<String> folders = new ArrayList<>();
    List<Kind> kinds = SideBySide.all(requests, "list the directories of a catalog");
    for (int i = 0; i < kinds.size(); i++) {
      switch (kinds.get(i)) {
        case DATASET, PARTITIONED -> datasets.add(directories.get(i).name());
        case FOLDER -> folders.add(directories.get(i).name());
        case NOTHING -> {} // removed meanwhile, or left out
      }
    }
    return new Children(datasets, folders);
  }

  /** What is done with a store. */
  private interface StoreCall<T> {
    T call(ObjectStore store) throws IOException;
  }

  private <T> T withStore(StoreCall<T> call) throws IOException {
    try (FlinkObjectStore base = new FlinkObjectStore();
        DecoratedObjectStore decorated =
            ObjectStores.decorated(base, storage, new OriginCounters())) {
      return call.call(decorated.replicated(roots));
    }
  }
}
