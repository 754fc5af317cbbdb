// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.DatasetChangedException;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectChangedException;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStatus;
import io.millrace.storage.ObjectStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Reads an index of which a writer may put a newer one in its place at any moment: what is read of
 * it counts only if it is the one that was listed, before and after.
 */
final class StableIndex {

  static final String NAME = "index.json";

  /** A writer that replaces it more often than it can be read is not waited for. */
  private static final int TRIES = 4;

  private static final int SHOWN = 8;

  private final ObjectStore store;
  private final ObjectLocation root;

  StableIndex(ObjectStore store, ObjectLocation root) {
    this.store = store;
    this.root = root;
  }

  /** Reads one index, from its beginning. */
  @FunctionalInterface
  interface Reading<T> {

    /**
     * Reads it, and may be asked to read another.
     *
     * @param index as it was listed
     * @param children what was listed beside it
     */
    T of(ObjectStatus index, List<ObjectStatus> children) throws IOException;
  }

  /**
   * Lists the root and reads the index in it, both again where the index was replaced meanwhile.
   *
   * @throws ObjectChangedException if it is replaced time after time
   * @throws FileNotFoundException if there is no index
   */
  <T> T read(Reading<T> reading) throws IOException {
    for (int tries = 1; ; tries++) {
      List<ObjectStatus> children = store.list(root);
      ObjectStatus index = find(children);
      try {
        T result = reading.of(index, children);
        check(index);
        return result;
      } catch (IOException e) {
        IOException cause = isMisfit(e) ? causeOf(e, index) : e;
        if (tries == TRIES || !(cause instanceof ObjectChangedException)) {
          throw cause;
        }
      }
    }
  }

  static boolean is(ObjectStatus child) {
    return !child.directory() && child.location().name().equals(NAME);
  }

  private ObjectStatus find(List<ObjectStatus> children) throws FileNotFoundException {
    return children.stream()
        .filter(StableIndex::is)
        .findFirst()
        .orElseThrow(() -> noIndex(children));
  }

  private void check(ObjectStatus index) throws IOException {
    ObjectStatus now = store.status(index.location(), index.version());
    if (now.directory() || !now.version().agreesWith(index.version())) {
      throw new ObjectChangedException(index.location(), index.version(), now.version());
    }
  }

  /** Whether an index and what it names do not fit together. */
  private static boolean isMisfit(IOException failure) {
    return failure instanceof CorruptObjectException
        || failure instanceof FileNotFoundException
        || failure instanceof DatasetChangedException;
  }

  /** That the index was replaced, if it was, and else the failure. */
  private IOException causeOf(IOException failure, ObjectStatus index) {
    try {
      check(index);
    } catch (ObjectChangedException e) {
      e.addSuppressed(failure);
      return e;
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  private FileNotFoundException noIndex(List<ObjectStatus> children) {
    String directories =
        children.stream()
            .filter(ObjectStatus::directory)
            .limit(SHOWN)
            .map(child -> child.location().name())
            .collect(Collectors.joining(", "));
    return new FileNotFoundException(
        "Cannot read "
            + root
            + " as MDS: there is no "
            + NAME
            + " in it"
            + (directories.isEmpty() ? "" : "; perhaps one of its directories is meant: ")
            + directories);
  }
}
