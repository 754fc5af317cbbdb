// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.storage.CorruptObjectException;
import java.nio.charset.StandardCharsets;

/**
 * What a zip archive's directory says of one record (APPNOTE 6.3.10, 4.3.12).
 *
 * @param name its name, a character for each byte
 * @param deflated whether it is deflated, else stored
 * @param crc its CRC-32
 * @param storedSize bytes that it takes in the archive
 * @param size bytes of its content
 * @param header where its local header begins
 */
record ZipEntry(String name, boolean deflated, int crc, long storedSize, long size, long header) {

  /** Bytes of an entry but for its name, extra fields and comment. */
  static final int HEADER_LENGTH = 46;

  private static final long SIGNATURE = 0x02014b50;
  private static final long LOCAL_SIGNATURE = 0x04034b50;
  private static final int LOCAL_LENGTH = 30;

  /** Encryption of three kinds: of the content, strong, and of the directory. */
  private static final int ENCRYPTED = 1 | 1 << 6 | 1 << 13;

  private static final int STORED = 0;
  private static final int DEFLATED = 8;

  /** Deflate makes at most 258 bytes of two bits. */
  private static final long MOST_OF_A_BYTE = 1032;

  private static final int NONE_16 = 0xffff;

  /**
   * Reads the entry at a place of the directory.
   *
   * @param end where the directory ends
   */
  static ZipEntry read(FileBytes file, long at, long end) throws CorruptObjectException {
    if (end - at < HEADER_LENGTH || file.u32(at) != SIGNATURE || end - at < length(file, at)) {
      throw file.corrupt(at, "the zip directory has no whole entry here");
    }
    byte[] bytes = file.bytes().copy(at + HEADER_LENGTH, file.u16(at + 28));
    String name = new String(bytes, StandardCharsets.ISO_8859_1);
    checkName(file, at, name);
    checkFlags(file, at, name);
    int method = file.u16(at + 10);
    if (method != STORED && method != DEFLATED) {
      throw file.corrupt(
          at,
          "the record "
              + Quoted.plain(name)
              + " is compressed by zip's method "
              + method
              + ": only stored and deflated ones are read");
    }
    ZipSizes sizes = ZipSizes.read(file, at, name);
    ZipEntry entry =
        new ZipEntry(
            name,
            method == DEFLATED,
            (int) file.u32(at + 16),
            sizes.stored(),
            sizes.size(),
            sizes.header());
    entry.checkSizes(file, at);
    return entry;
  }

  /** Bytes of the entry at a place of the directory. */
  static long length(FileBytes file, long at) {
    return HEADER_LENGTH + file.u16(at + 28) + file.u16(at + 30) + (long) file.u16(at + 32);
  }

  private static void checkName(FileBytes file, long at, String name)
      throws CorruptObjectException {
    if (name.isEmpty()
        || name.startsWith("/")
        || name.indexOf('\\') >= 0
        || name.indexOf('\0') >= 0
        || (name.contains("..") && ("/" + name + "/").contains("/../"))) {
      throw file.corrupt(
          at, "\"" + Quoted.plain(name) + "\" is no name that a record of an archive may have");
    }
  }

  private static void checkFlags(FileBytes file, long at, String name)
      throws CorruptObjectException {
    if ((file.u16(at + 8) & ENCRYPTED) != 0) {
      throw file.corrupt(at, "the record " + Quoted.plain(name) + " is encrypted");
    }
    int disk = file.u16(at + 34);
    if (disk != 0 && disk != NONE_16) {
      throw file.corrupt(at, "the record " + Quoted.plain(name) + " begins on another disk");
    }
  }

  private void checkSizes(FileBytes file, long at) throws CorruptObjectException {
    if (deflated ? size / MOST_OF_A_BYTE > storedSize : size != storedSize) {
      throw file.corrupt(
          at,
          "the record " + Quoted.plain(name) + " of " + storedSize + " bytes cannot hold " + size);
    }
  }

  /**
   * Where the content begins: behind the local header, which must be of the same record.
   *
   * @param end where it must have ended at the latest
   */
  long contentBegin(FileBytes file, long end) throws CorruptObjectException {
    if (header > end - LOCAL_LENGTH || file.u32(header) != LOCAL_SIGNATURE) {
      throw file.corrupt(header, "there is no header of the record " + Quoted.plain(name));
    }
    int nameLength = file.u16(header + 26);
    long begin = header + LOCAL_LENGTH + nameLength + file.u16(header + 28);
    if (begin > end || storedSize > end - begin) {
      throw file.corrupt(
          header,
          "the record "
              + Quoted.plain(name)
              + " of "
              + storedSize
              + " bytes goes beyond the zip directory at "
              + end);
    }
    boolean same = nameLength == name.length();
    for (int i = 0; same && i < nameLength; i++) {
      same = (file.bytes().getByte(header + LOCAL_LENGTH + i) & 0xff) == name.charAt(i);
    }
    if (!same
        || (file.u16(header + 6) & ENCRYPTED) != 0
        || file.u16(header + 8) != (deflated ? DEFLATED : STORED)) {
      throw file.corrupt(
          header,
          "the header of the record "
              + Quoted.plain(name)
              + " has another name, method or encryption than the directory");
    }
    return begin;
  }
}
