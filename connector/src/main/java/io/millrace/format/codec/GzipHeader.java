// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

import io.millrace.storage.CorruptObjectException;
import java.util.Locale;
import java.util.zip.CRC32;

/** Reads over the header of a gzip member (RFC 1952, 2.3), whose fields nobody here needs. */
final class GzipHeader {

  private static final int HAS_CRC = 2;
  private static final int HAS_EXTRA = 4;
  private static final int HAS_NAME = 8;
  private static final int HAS_COMMENT = 16;
  private static final int RESERVED = 0xe0;

  private final CompressedSource in;
  private final CRC32 crc = new CRC32();

  private GzipHeader(CompressedSource in) {
    this.in = in;
  }

  static void skip(CompressedSource in) throws CorruptObjectException {
    new GzipHeader(in).skip();
  }

  private void skip() throws CorruptObjectException {
    byte[] magic = in.peek(2);
    if (magic.length < 2 || magic[0] != 0x1f || magic[1] != (byte) 0x8b) {
      throw in.corrupt(
          in.position() == 0
              ? "not a gz member"
              : in.remaining() + " bytes follow the end of the gz stream");
    }
    next();
    next();
    int method = next();
    if (method != 8) {
      throw in.corrupt("a gz member has the unknown method " + method);
    }
    int flags = next();
    if ((flags & RESERVED) != 0) {
      throw in.corrupt(String.format(Locale.ROOT, "a gz member has unknown flags: 0x%02x", flags));
    }
    skip(6); // time, extra flags, operating system
    if ((flags & HAS_EXTRA) != 0) {
      skip(next() | next() << 8);
    }
    if ((flags & HAS_NAME) != 0) {
      skipText();
    }
    if ((flags & HAS_COMMENT) != 0) {
      skipText();
    }
    if ((flags & HAS_CRC) != 0) {
      int expected = (int) crc.getValue() & 0xffff;
      int stored = next() | next() << 8;
      if (stored != expected) {
        throw in.corrupt(
            String.format(
                Locale.ROOT,
                "a gz header's CRC-16 is %04x, its bytes have %04x",
                stored,
                expected));
      }
    }
  }

  private void skip(int count) throws CorruptObjectException {
    for (int i = 0; i < count; i++) {
      next();
    }
  }

  private void skipText() throws CorruptObjectException {
    while (next() != 0) {}
  }

  private int next() throws CorruptObjectException {
    int value = in.read();
    if (value < 0) {
      throw Faults.cut("gz", in);
    }
    crc.update(value);
    return value;
  }
}
