// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStatus;
import io.millrace.storage.ObjectStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The formats that exist, by name, and the one that a directory is in. Immutable. */
public final class DatasetFormats {

  /** Sub-directories that are looked into, and names that are shown, in an error. */
  private static final int SHOWN = 8;

  private final TreeMap<String, DatasetFormat> formats = new TreeMap<>();

  DatasetFormats(Iterable<DatasetFormat> found) {
    for (DatasetFormat format : found) {
      DatasetFormat other = formats.putIfAbsent(format.name(), format);
      if (other != null && other.getClass() != format.getClass()) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "Cannot use both %s and %s: both are named \"%s\"",
                other.getClass().getName(),
                format.getClass().getName(),
                format.name()));
      }
    }
  }

  /** The formats that a class loader's {@link ServiceLoader} finds. */
  public static DatasetFormats load(ClassLoader loader) {
    return new DatasetFormats(ServiceLoader.load(DatasetFormat.class, loader));
  }

  /** The formats' names, sorted. */
  public List<String> names() {
    return List.copyOf(formats.keySet());
  }

  /**
   * The format of this name.
   *
   * @throws IllegalArgumentException if there is none; the message lists those that exist
   */
  public DatasetFormat named(String name) {
    DatasetFormat format = formats.get(name);
    if (format == null) {
      throw new IllegalArgumentException(
          "Cannot use format \"" + name + "\": known formats are " + String.join(", ", names()));
    }
    return format;
  }

  /**
   * As {@link #detect(ObjectStore, ObjectStore, ObjectLocation)}, which lists with one store all
   * that it looks at.
   */
  public DatasetFormat detect(ObjectStore store, ObjectLocation root) throws IOException {
    return detect(store, store, root);
  }

  /**
   * The format of the dataset in a directory, told by what lies in it.
   *
   * @param hints lists its first sub-directories, for the message if there is no dataset; what it
   *     cannot list is left out, so that it had better not try for long
   * @throws FileNotFoundException if there is no such directory, or no dataset in it; the message
   *     says what there is, and which sub-directories hold one
   * @throws IOException if more than one format recognises it; the message names them
   */
  public DatasetFormat detect(ObjectStore store, ObjectStore hints, ObjectLocation root)
      throws IOException {
    List<ObjectStatus> children = store.list(root);
    List<DatasetFormat> matches = matches(children);
    if (matches.size() > 1) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "Cannot tell the format of %s: it may be %s; name one of them as the format",
              root,
              matches.stream().map(DatasetFormat::name).collect(Collectors.joining(" or "))));
    }
    if (matches.isEmpty()) {
      throw new FileNotFoundException(
          String.format(
              Locale.ROOT,
              "Cannot find a dataset in %s: it holds %s; known formats are %s%s%s",
              root,
              describe(children),
              String.join(", ", names()),
              splits(hints, children),
              partitions(children)));
    }
    return matches.get(0);
  }

  /** Says whether the children of a directory are a dataset of any format. */
  public boolean recognise(List<ObjectStatus> children) {
    return !matches(children).isEmpty();
  }

  private List<DatasetFormat> matches(List<ObjectStatus> children) {
    return formats.values().stream().filter(format -> format.recognises(children)).toList();
  }

  private static String describe(List<ObjectStatus> children) {
    if (children.isEmpty()) {
      return "nothing";
    }
    String shown =
        children.stream()
            .limit(SHOWN)
            .map(child -> child.location().name() + (child.directory() ? "/" : ""))
            .collect(Collectors.joining(", "));
    return children.size() > SHOWN ? shown + " and " + (children.size() - SHOWN) + " more" : shown;
  }

  private static String partitions(List<ObjectStatus> children) {
    List<String> keys = PartitionTree.keysOf(children);
    return keys.isEmpty()
        ? ""
        : "; to read what lies in partitions "
            + keys.get(0)
            + "=VALUE, declare the table with PARTITIONED BY (`"
            + keys.get(0)
            + "`)";
  }

  /** Says which sub-directories are datasets: most often the path lacks the name of a split. */
  private String splits(ObjectStore store, List<ObjectStatus> children)
      throws InterruptedIOException {
    List<String> found = new ArrayList<>();
    List<ObjectStatus> directories =
        children.stream().filter(ObjectStatus::directory).limit(SHOWN).toList();
    for (ObjectStatus directory : directories) {
      try {
        for (DatasetFormat format : matches(store.list(directory.location()))) {
          found.add(directory.location() + " (" + format.name() + ")");
        }
      } catch (InterruptedIOException e) {
        throw e;
      } catch (IOException e) {
        // What is wrong with the directory that was asked for matters more.
      }
    }
    return found.isEmpty() ? "" : "; there are datasets below it: " + String.join(", ", found);
  }
}
