// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import java.nio.file.Path;
import java.util.Locale;

/**
 * One file of records, appended to by the store's writer. Numbers are guarded by the store's lock;
 * {@link #length} is changed by the writer only, under it.
 */
final class Segment {

  private static final String SUFFIX = ".seg";

  final long id;
  final Path path;
  final DiskFile file;

  /** Where the next record goes. */
  long length;

  /** Bytes of records that can still be read. */
  long liveBytes;

  /** Who reads from it at the moment: until they are done it is not closed. */
  int readers;

  /** Whether nothing may be appended any more. */
  boolean sealed;

  /**
   * Whether not all of it could be read when it was opened. It is not deleted for having no more
   * records that are known: the next process may find the others.
   */
  boolean partlyKnown;

  Segment(long id, Path path, DiskFile file) {
    this.id = id;
    this.path = path;
    this.file = file;
  }

  static Path pathOf(Path directory, long id) {
    return directory.resolve(String.format(Locale.ROOT, "%016x%s", id, SUFFIX));
  }

  /** The number in a segment's name; negative if it is no such name. */
  static long idOf(Path path) {
    String name = path.getFileName().toString();
    return name.matches("[0-7][0-9a-f]{15}\\.seg") ? Long.parseLong(name.substring(0, 16), 16) : -1;
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
