// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.ShardInput;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A record of a zip archive.
 *
 * @param entry what the archive's directory says of it
 * @param begin where its bytes begin in the file
 */
record ZipRecord(ZipEntry entry, long begin) {

  /** Where its bytes end in the file. */
  long end() {
    return begin + entry.storedSize();
  }

  /**
   * Its content, checked against its CRC unless the file is known to be intact: where it lies in
   * the file or, if it is deflated, in new memory.
   */
  Region read(FileBytes file, ShardInput input) throws IOException {
    Region content =
        entry.deflated()
            ? new Region(inflated(file, input), 0, entry.size())
            : new Region(file.bytes(), begin, entry.size());
    if (!file.intact()) {
      checkCrc(file, content);
    }
    return content;
  }

  private void checkCrc(FileBytes file, Region content) throws CorruptObjectException {
    CRC32 crc = new CRC32();
    for (var s = content.bytes().first(content.begin(), content.length());
        s != null;
        s = s.next()) {
      crc.update(s.array(), s.offset(), s.length());
    }
    if ((int) crc.getValue() != entry.crc()) {
      throw corrupt(
          file,
          "has the CRC-32 0x"
              + Integer.toHexString((int) crc.getValue())
              + " where the archive says 0x"
              + Integer.toHexString(entry.crc()));
    }
  }

  private ByteChunks inflated(FileBytes file, ShardInput input) throws IOException {
    ByteChunks target = entry.size() == 0 ? ByteChunks.allocate(0) : input.allocate(entry.size());
    Inflater inflater = new Inflater(true);
    try {
      inflate(file, inflater, target);
    } catch (DataFormatException e) {
      throw corrupt(file, "cannot be inflated: " + e.getMessage());
    } finally {
      inflater.end();
    }
    return target;
  }

  private void inflate(FileBytes file, Inflater inflater, ByteChunks target)
      throws DataFormatException, CorruptObjectException {
    var source = file.bytes().first(begin, entry.storedSize());
    var room = target.first(0, target.length());
    byte[] excess = new byte[1];
    int filled = 0;
    while (!inflater.finished()) {
      if (inflater.needsInput() && source != null) {
        inflater.setInput(source.array(), source.offset(), source.length());
        source = source.next();
      }
      int count =
          room == null
              ? inflater.inflate(excess)
              : inflater.inflate(room.array(), room.offset() + filled, room.length() - filled);
      if (room == null && count > 0) {
        throw corrupt(file, "inflates to more than its " + entry.size() + " bytes");
      }
      filled += count;
      if (room != null && filled == room.length()) {
        room = room.next();
        filled = 0;
      }
      boolean goesOn = count > 0 || (inflater.needsInput() && source != null);
      if (!goesOn && !inflater.finished()) {
        throw corrupt(file, "is cut: it inflates to less than its " + entry.size() + " bytes");
      }
    }
    if (room != null || source != null || inflater.getRemaining() > 0) {
      throw corrupt(
          file,
          "inflates to "
              + inflater.getBytesWritten()
              + " bytes out of "
              + inflater.getBytesRead()
              + " where the archive says "
              + entry.size()
              + " out of "
              + entry.storedSize());
    }
  }

  CorruptObjectException corrupt(FileBytes file, String problem) {
    return file.corrupt(begin, "the record " + Quoted.plain(entry.name()) + " " + problem);
  }
}
