// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Gzip (RFC 1952) over the JDK's zlib. Zero bytes after the last member are refused as well. */
final class GzipDecompressor implements Decompressor {

  /** A match of 258 bytes takes two bits at least: no stream of deflate does better. */
  private static final long MOST_OF_A_BYTE = 1032;

  /** Room for rounding. */
  private static final long MOST_BESIDE = 1024;

  private final Inflater inflater = new Inflater(true);
  private boolean closed;

  @Override
  public void checkDeclared(ObjectLocation object, ByteChunks source, long declared)
      throws CorruptObjectException {
    long most = MOST_OF_A_BYTE * source.length() + MOST_BESIDE;
    Faults.checkMost("gz", object, source.length(), declared, most);
  }

  @Override
  public void inflate(ObjectLocation object, List<ByteChunks> source, ByteChunks target)
      throws CorruptObjectException {
    if (closed) {
      throw new IllegalStateException("Cannot inflate " + object + ": the decompressor is closed");
    }
    CompressedSource in = new CompressedSource(object, source);
    InflatedTarget out = new InflatedTarget(target);
    do {
      GzipHeader.skip(in);
      long begin = out.position();
      CRC32 crc = new CRC32();
      inflateBody(in, out, crc);
      checkTrailer(in, (int) crc.getValue(), (int) (out.position() - begin));
    } while (in.remaining() > 0);
    Faults.checkFull("gz", in, out);
  }

  private void inflateBody(CompressedSource in, InflatedTarget out, CRC32 crc)
      throws CorruptObjectException {
    inflater.reset();
    while (!inflater.finished()) {
      int available = in.available();
      inflater.setInput(in.array(), in.offset(), available);
      int count;
      try {
        count = inflater.inflate(out.array(), out.offset(), out.room());
      } catch (DataFormatException e) {
        in.advance(available - inflater.getRemaining());
        throw in.corrupt("the gz stream is damaged: " + e.getMessage(), e);
      }
      int used = available - inflater.getRemaining();
      in.advance(used);
      crc.update(out.array(), out.offset(), count);
      if (!out.advance(count)) {
        throw Faults.excess("gz", in, out);
      }
      if (used == 0 && count == 0 && !inflater.finished()) {
        throw Faults.cut("gz", in);
      }
    }
  }

  private static void checkTrailer(CompressedSource in, int crc, int size)
      throws CorruptObjectException {
    int storedCrc = readInt(in);
    if (storedCrc != crc) {
      throw in.corrupt(
          String.format(
              Locale.ROOT, "the gz member's CRC-32 is %08x, its bytes have %08x", storedCrc, crc));
    }
    int storedSize = readInt(in);
    if (storedSize != size) {
      throw in.corrupt(
          "the gz member's size is "
              + Integer.toUnsignedString(storedSize)
              + ", it inflates to "
              + Integer.toUnsignedString(size)
              + " (modulo 2^32)");
    }
  }

  private static int readInt(CompressedSource in) throws CorruptObjectException {
    if (in.remaining() < 4) {
      throw Faults.cut("gz", in);
    }
    return in.read() | in.read() << 8 | in.read() << 16 | in.read() << 24;
  }

  @Override
  public void close() {
    closed = true;
    inflater.end();
  }
}
