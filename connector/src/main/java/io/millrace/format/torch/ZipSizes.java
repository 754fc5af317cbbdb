// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.storage.CorruptObjectException;

/**
 * The numbers of a zip directory's entry that may stand in its zip64 field instead (APPNOTE 6.3.10,
 * 4.5.3); none is negative.
 *
 * @param stored bytes in the archive
 * @param size bytes of the content
 * @param header where the local header begins
 */
record ZipSizes(long stored, long size, long header) {

  private static final int LARGE = 1;
  private static final long NONE = 0xffff_ffffL;

  static ZipSizes read(FileBytes file, long at, String name) throws CorruptObjectException {
    long stored = file.u32(at + 20);
    long size = file.u32(at + 24);
    long header = file.u32(at + 42);
    int absent = (stored == NONE ? 1 : 0) + (size == NONE ? 1 : 0) + (header == NONE ? 1 : 0);
    if (absent > 0) {
      // they stand there in this order, those that are needed only
      long field = find(file, at, 8 * absent);
      if (field < 0) {
        throw file.corrupt(
            at, "the zip64 sizes of the record " + Quoted.plain(name) + " are missing or cut");
      }
      if (size == NONE) {
        size = file.i64(field);
        field += 8;
      }
      if (stored == NONE) {
        stored = file.i64(field);
        field += 8;
      }
      header = header == NONE ? file.i64(field) : header;
    }
    if ((stored | size | header) < 0) {
      throw file.corrupt(at, "the record " + Quoted.plain(name) + " has sizes beyond all bounds");
    }
    return new ZipSizes(stored, size, header);
  }

  /** Where the content of an entry's zip64 field begins; -1 if there is none of that length. */
  private static long find(FileBytes file, long entry, int length) {
    long at = entry + ZipEntry.HEADER_LENGTH + file.u16(entry + 28);
    long end = at + file.u16(entry + 30);
    while (end - at >= 4) {
      int here = file.u16(at + 2);
      if (file.u16(at) == LARGE) {
        return here >= length && here <= end - at - 4 ? at + 4 : -1;
      }
      at += 4 + here;
    }
    return -1;
  }
}
