// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.storage.CorruptObjectException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records of a zip archive, found by its directory and checked to lie in the file, each by
 * itself. Of their contents nothing is read.
 *
 * <p>The JDK has readers of files and of streams, which believe one of the two headers that each
 * record has and don't mind records that share bytes.
 */
final class ZipArchive {

  private final Map<String, ZipRecord> records;

  private ZipArchive(Map<String, ZipRecord> records) {
    this.records = records;
  }

  /** A file that begins so is meant to be an archive; {@code torch.load} goes by the same bytes. */
  static boolean recognises(FileBytes file) {
    return file.length() >= 4 && file.u32(0) == 0x04034b50;
  }

  static ZipArchive open(FileBytes file) throws CorruptObjectException {
    ZipEnd end = ZipEnd.of(file);
    Map<String, ZipRecord> records = new LinkedHashMap<>((int) Math.min(64, 2 * end.entries()));
    long at = end.directory();
    for (long i = 0; i < end.entries(); i++) {
      ZipEntry entry = ZipEntry.read(file, at, end.directoryEnd());
      long begin = entry.contentBegin(file, end.directory());
      if (records.put(entry.name(), new ZipRecord(entry, begin)) != null) {
        throw file.corrupt(at, "the archive has two records " + Quoted.plain(entry.name()));
      }
      at += ZipEntry.length(file, at);
    }
    if (at != end.directoryEnd()) {
      throw file.corrupt(
          at,
          "the zip directory goes on for " + (end.directoryEnd() - at) + " bytes after its end");
    }
    checkApart(file, records.values());
    return new ZipArchive(records);
  }

  private static void checkApart(FileBytes file, Collection<ZipRecord> records)
      throws CorruptObjectException {
    ZipRecord overlapping = overlapping(records);
    if (overlapping != null) {
      // writers list records in the order in which they lie, but need not
      List<ZipRecord> sorted = new ArrayList<>(records);
      sorted.sort(Comparator.comparingLong(record -> record.entry().header()));
      overlapping = overlapping(sorted);
    }
    if (overlapping != null) {
      throw file.corrupt(
          overlapping.entry().header(),
          "the record "
              + Quoted.plain(overlapping.entry().name())
              + " begins within the one before it");
    }
  }

  /** The first record that begins before the one before it ends. */
  private static @Nullable ZipRecord overlapping(Collection<ZipRecord> records) {
    long end = 0;
    for (ZipRecord record : records) {
      if (record.entry().header() < end) {
        return record;
      }
      end = record.end();
    }
    return null;
  }

  Collection<ZipRecord> records() {
    return records.values();
  }

  @Nullable ZipRecord find(String name) {
    return records.get(name);
  }
}
