// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes zip archives as torch does, or with any of the numbers in them changed. A number is named
 * by where it stands: {@code directory+10} is the method in the directory's entry, {@code local+8}
 * the one in the local header, {@code end+10} and {@code large+24} those of the end records.
 */
final class ZipWriter {

  /** A record, and what is changed in its headers: by its place, a number of some bytes. */
  static final class Entry {
    private final String name;
    private final byte[] content;
    private boolean deflated;
    private byte[] localExtra = {};
    private byte[] directoryExtra = {};
    private byte[] comment = {};
    private String localName;
    private final Map<String, long[]> changes = new TreeMap<>();
    private byte[] stored;
    private long header;

    private Entry(String name, byte[] content) {
      this.name = name;
      this.localName = name;
      this.content = content;
    }

    Entry deflated() {
      deflated = true;
      return this;
    }

    Entry localName(String other) {
      localName = other;
      return this;
    }

    Entry localExtra(byte[] extra) {
      localExtra = extra;
      return this;
    }

    Entry directoryExtra(byte[] extra) {
      directoryExtra = extra;
      return this;
    }

    Entry comment(String text) {
      comment = text.getBytes(UTF_8);
      return this;
    }

    /** Changes a number of some bytes in {@code local} or {@code directory}. */
    Entry set(String place, int offset, int bytes, long value) {
      changes.put(place + "+" + offset, new long[] {offset, bytes, value});
      return this;
    }
  }

  private final List<Entry> records = new ArrayList<>();
  private final List<long[]> endChanges = new ArrayList<>();
  private final List<long[]> largeChanges = new ArrayList<>();
  private byte[] comment = {};
  private byte[] gap = {};
  private boolean large;

  Entry add(String name, byte[] content) {
    Entry record = new Entry(name, content);
    records.add(record);
    return record;
  }

  Entry add(String name, String content) {
    return add(name, content.getBytes(UTF_8));
  }

  ZipWriter comment(String text) {
    comment = text.getBytes(UTF_8);
    return this;
  }

  /** With the end records of zip64. */
  ZipWriter large() {
    large = true;
    return this;
  }

  ZipWriter gapBeforeDirectory(int bytes) {
    gap = new byte[bytes];
    return this;
  }

  /** Changes a number in the end record. */
  ZipWriter end(int offset, int bytes, long value) {
    endChanges.add(new long[] {offset, bytes, value});
    return this;
  }

  /** Changes a number in the zip64 end record or, from 56 on, its locator. */
  ZipWriter largeEnd(int offset, int bytes, long value) {
    largeChanges.add(new long[] {offset, bytes, value});
    return this;
  }

  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Entry record : records) {
      record.header = out.size();
      record.stored = record.deflated ? deflate(record.content) : record.content;
      byte[] name = record.localName.getBytes(ISO_8859_1);
      Numbered local = new Numbered().put(4, 0x04034b50).put(2, 0).put(2, 0x808);
      local.put(2, record.deflated ? 8 : 0).put(16, 0);
      local.put(2, name.length).put(2, record.localExtra.length);
      out.writeBytes(local.changed(record.changes, "local"));
      out.writeBytes(name);
      out.writeBytes(record.localExtra);
      out.writeBytes(record.stored);
      Numbered descriptor = new Numbered().put(4, 0x08074b50).put(4, crc(record.content));
      descriptor.put(4, record.stored.length).put(4, record.content.length);
      out.writeBytes(descriptor.bytes());
    }
    out.writeBytes(gap);
    long directory = out.size();
    for (Entry record : records) {
      out.writeBytes(entry(record));
    }
    end(out, directory, out.size() - directory);
    return out.toByteArray();
  }

  private static byte[] entry(Entry record) {
    byte[] name = record.name.getBytes(ISO_8859_1);
    Numbered entry = new Numbered().put(4, 0x02014b50).put(4, 0).put(2, 0x808);
    entry.put(2, record.deflated ? 8 : 0).put(4, 0).put(4, crc(record.content));
    entry.put(4, record.stored.length).put(4, record.content.length).put(2, name.length);
    entry.put(2, record.directoryExtra.length).put(2, record.comment.length).put(2, 0).put(6, 0);
    entry.put(4, record.header);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(entry.changed(record.changes, "directory"));
    out.writeBytes(name);
    out.writeBytes(record.directoryExtra);
    out.writeBytes(record.comment);
    return out.toByteArray();
  }

  private void end(ByteArrayOutputStream out, long directory, long size) {
    if (large) {
      long at = out.size();
      Numbered end = new Numbered().put(4, 0x06064b50).put(8, 44).put(4, 0).put(8, 0);
      end.put(8, records.size()).put(8, records.size()).put(8, size).put(8, directory);
      end.put(4, 0x07064b50).put(4, 0).put(8, at).put(4, 1);
      out.writeBytes(end.changed(largeChanges));
    }
    Numbered end = new Numbered().put(4, 0x06054b50).put(4, 0).put(2, records.size());
    end.put(2, records.size()).put(4, size).put(4, directory).put(2, comment.length);
    out.writeBytes(end.changed(endChanges));
    out.writeBytes(comment);
  }

  private static long crc(byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(content);
    return crc.getValue();
  }

  static byte[] deflate(byte[] content) {
    Deflater deflater = new Deflater(9, true);
    deflater.setInput(content);
    deflater.finish();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[4096];
    while (!deflater.finished()) {
      out.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
    return out.toByteArray();
  }

  /** Little-endian numbers in a row. */
  static final class Numbered {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A number of some bytes; of more than eight, zeros follow. */
    Numbered put(int bytes, long value) {
      for (int i = 0; i < bytes; i++) {
        out.write(i < 8 ? (int) (value >>> (8 * i)) : 0);
      }
      return this;
    }

    Numbered raw(byte[] bytes) {
      out.writeBytes(bytes);
      return this;
    }

    byte[] bytes() {
      return out.toByteArray();
    }

    private byte[] changed(Map<String, long[]> changes, String place) {
      return changed(
          changes.entrySet().stream()
              .filter(change -> change.getKey().startsWith(place + "+"))
              .map(Map.Entry::getValue)
              .toList());
    }

    private byte[] changed(List<long[]> changes) {
      byte[] bytes = bytes();
      for (long[] change : changes) {
        for (int i = 0; i < change[1]; i++) {
          bytes[(int) change[0] + i] = (byte) (change[2] >>> (8 * i));
        }
      }
      return bytes;
    }
  }
}
