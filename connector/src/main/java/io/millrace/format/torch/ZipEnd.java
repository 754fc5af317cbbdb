// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.storage.CorruptObjectException;

/**
 * What the records at a zip archive's end say of its directory (APPNOTE 6.3.10, 4.3.14 to 4.3.16).
 *
 * @param directory where the directory begins
 * @param directoryEnd where it ends
 * @param entries how many it has, no more than its bytes allow
 */
record ZipEnd(long directory, long directoryEnd, long entries) {

  private static final long SIGNATURE = 0x06054b50;
  private static final int LENGTH = 22;
  private static final int LONGEST_COMMENT = 0xffff;

  private static final long LOCATOR_SIGNATURE = 0x07064b50;
  private static final int LOCATOR_LENGTH = 20;
  private static final long LARGE_SIGNATURE = 0x06064b50;
  private static final int LARGE_LENGTH = 56;

  /** Bytes of a large record before those that its length counts. */
  private static final int LARGE_UNCOUNTED = 12;

  private static final int NONE_16 = 0xffff;
  private static final long NONE_32 = 0xffff_ffffL;

  /** Finds them: the last record whose comment reaches exactly to the file's end. */
  static ZipEnd of(FileBytes file) throws CorruptObjectException {
    long last = file.length() - LENGTH;
    for (long at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
      if (file.u32(at) == SIGNATURE && file.u16(at + 20) == last - at) {
        return read(file, at);
      }
    }
    throw file.corrupt(
        file.length(),
        "the zip archive is cut or something follows it: the record that ends it is missing");
  }

  private static ZipEnd read(FileBytes file, long at) throws CorruptObjectException {
    int disks = file.u16(at + 4) | file.u16(at + 6);
    long here = file.u16(at + 8);
    long entries = file.u16(at + 10);
    long size = file.u32(at + 12);
    long directory = file.u32(at + 16);
    long end = at;
    long locator = at - LOCATOR_LENGTH;
    if (locator >= 0 && file.u32(locator) == LOCATOR_SIGNATURE) {
      end = large(file, locator);
      disks = disks == NONE_16 || disks == 0 ? disks(file, locator, end) : disks;
      here = agreed(file, end + 24, here, NONE_16);
      entries = agreed(file, end + 32, entries, NONE_16);
      size = agreed(file, end + 40, size, NONE_32);
      directory = agreed(file, end + 48, directory, NONE_32);
    }
    if (disks != 0 || here != entries) {
      throw file.corrupt(at, "the zip archive is a part of one on several disks");
    }
    if (size < 0 || directory < 0 || size > end || directory > end - size) {
      throw file.corrupt(
          at,
          "the zip directory of "
              + Long.toUnsignedString(size)
              + " bytes at "
              + Long.toUnsignedString(directory)
              + " does not lie before its end record at "
              + end);
    }
    if (entries < 0 || entries > size / ZipEntry.HEADER_LENGTH) {
      throw file.corrupt(
          at,
          "the zip directory of "
              + size
              + " bytes cannot have "
              + Long.toUnsignedString(entries)
              + " entries");
    }
    return new ZipEnd(directory, directory + size, entries);
  }

  /** Where the large record begins, which ends where its locator begins. */
  private static long large(FileBytes file, long locator) throws CorruptObjectException {
    long at = file.i64(locator + 8);
    if (at < 0 || at > locator - LARGE_LENGTH || file.u32(at) != LARGE_SIGNATURE) {
      throw file.corrupt(locator, "there is no zip64 end record at " + Long.toUnsignedString(at));
    }
    long length = file.i64(at + 4);
    if (length != locator - at - LARGE_UNCOUNTED) {
      throw file.corrupt(
          at,
          "the zip64 end record says that it has "
              + Long.toUnsignedString(length)
              + " bytes where there are "
              + (locator - at - LARGE_UNCOUNTED));
    }
    return at;
  }

  /** 0 where all disk numbers are 0 and no second disk is counted. */
  private static int disks(FileBytes file, long locator, long large) {
    boolean one =
        file.u32(locator + 4) == 0
            && file.u32(locator + 16) <= 1
            && file.u32(large + 16) == 0
            && file.u32(large + 20) == 0;
    return one ? 0 : 1;
  }

  /** A large record's number, which a small record repeats unless it has no room for it. */
  private static long agreed(FileBytes file, long at, long small, long none)
      throws CorruptObjectException {
    long large = file.i64(at);
    if (small != none && small != large) {
      throw file.corrupt(
          at,
          "the zip archive's two end records disagree: "
              + Long.toUnsignedString(large)
              + " and "
              + small);
    }
    return large;
  }
}
