// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Bzip2 (its only specification is Julian Seward's bzip2 1.0.8). Written here because the decoder
 * of Commons Compress needs a newer Commons IO than the one that Flink brings along.
 */
final class Bzip2Decompressor implements Decompressor {

  private static final long BLOCK = 0x314159265359L;
  private static final long END = 0x177245385090L;
  private static final int[] CRC = crcTable();

  /** Bytes of a block's size that a level counts. */
  private static final int LEVEL_UNIT = 100_000;

  private @Nullable Bzip2Block block = new Bzip2Block();

  @Override
  public void inflate(ObjectLocation object, List<ByteChunks> source, ByteChunks target)
      throws CorruptObjectException {
    Bzip2Block tables = block;
    if (tables == null) {
      throw new IllegalStateException("Cannot inflate " + object + ": the decompressor is closed");
    }
    CompressedSource in = new CompressedSource(object, source);
    InflatedTarget out = new InflatedTarget(target);
    do {
      inflateStream(tables, in, out);
    } while (in.remaining() > 0);
    Faults.checkFull("bz2", in, out);
  }

  private static void inflateStream(Bzip2Block block, CompressedSource in, InflatedTarget out)
      throws CorruptObjectException {
    int limit = LEVEL_UNIT * readLevel(in);
    Bzip2Bits bits = new Bzip2Bits(in);
    int streamCrc = 0;
    long magic = bits.readLong(48);
    for (; magic == BLOCK; magic = bits.readLong(48)) {
      int stored = bits.read(32);
      block.read(bits, limit);
      int crc = unroll(block, in, out);
      checkCrc(bits, "block", stored, crc);
      streamCrc = Integer.rotateLeft(streamCrc, 1) ^ crc;
    }
    if (magic != END) {
      throw bits.corrupt(String.format(Locale.ROOT, "a block begins with 0x%012x", magic));
    }
    checkCrc(bits, "stream", bits.read(32), streamCrc);
  }

  private static int readLevel(CompressedSource in) throws CorruptObjectException {
    byte[] header = in.peek(4);
    boolean known =
        header.length == 4
            && header[0] == 'B'
            && header[1] == 'Z'
            && header[2] == 'h'
            && header[3] >= '1'
            && header[3] <= '9';
    if (!known) {
      throw in.corrupt(
          in.position() == 0
              ? "not a bz2 stream"
              : in.remaining() + " bytes follow the end of the bz2 stream");
    }
    in.skip(4);
    return header[3] - '0';
  }

  private static void checkCrc(Bzip2Bits bits, String what, int stored, int crc)
      throws CorruptObjectException {
    if (stored != crc) {
      throw bits.corrupt(
          String.format(
              Locale.ROOT, "a %s's CRC-32 is %08x, its bytes have %08x", what, stored, crc));
    }
  }

  /** Writes a block's bytes, where four equal ones are followed by how many more; their CRC. */
  private static int unroll(Bzip2Block block, CompressedSource in, InflatedTarget out)
      throws CorruptObjectException {
    int crc = -1;
    int last = -1;
    int equal = 0;
    for (int i = 0; i < block.size(); i++) {
      int value = block.next();
      int times = 1;
      if (equal == 4) {
        times = value;
        value = last;
        equal = 0;
        last = -1;
      } else {
        equal = value == last ? equal + 1 : 1;
        last = value;
      }
      for (int k = 0; k < times; k++) {
        crc = crc << 8 ^ CRC[crc >>> 24 ^ value];
        out.array()[out.offset()] = (byte) value;
        if (!out.advance(1)) {
          throw Faults.excess("bz2", in, out);
        }
      }
    }
    return ~crc;
  }

  /** CRC-32 as bzip2 has it: the usual polynomial, the highest bit first. */
  private static int[] crcTable() {
    int[] table = new int[256];
    for (int i = 0; i < 256; i++) {
      int crc = i << 24;
      for (int k = 0; k < 8; k++) {
        crc = crc << 1 ^ (crc < 0 ? 0x04c11db7 : 0);
      }
      table[i] = crc;
    }
    return table;
  }

  @Override
  public void close() {
    block = null;
  }
}
