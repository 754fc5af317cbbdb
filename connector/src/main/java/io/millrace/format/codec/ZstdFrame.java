// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

import io.millrace.storage.CorruptObjectException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * What a zstd frame says at its beginning (RFC 8878, 3.1.1 and 3.1.2), so that it can be refused
 * before the decoder believes it.
 *
 * @param skippable whether it is a skippable frame
 * @param size of a skippable frame its length with its header; else what it says that it inflates
 *     to, if it says it, an unsigned number; in bytes
 * @param dictionary number of the dictionary that it needs, 0 for none
 * @param headerBytes length of the header
 * @param checksum whether a checksum follows the last block
 */
record ZstdFrame(
    boolean skippable, OptionalLong size, long dictionary, int headerBytes, boolean checksum) {

  private static final int MAGIC = 0xfd2fb528;
  private static final int SKIPPABLE_MAGIC = 0x184d2a50;
  private static final int SKIPPABLE_HEADER = 8;
  private static final int LONGEST_HEADER = 18;

  /** Looks at the frame that begins at the source's position, and leaves it there. */
  static ZstdFrame peek(CompressedSource source) throws CorruptObjectException {
    ByteBuffer header = ByteBuffer.wrap(source.peek(LONGEST_HEADER)).order(ByteOrder.LITTLE_ENDIAN);
    need(source, header, 4);
    int magic = header.getInt();
    if ((magic & ~0xf) == SKIPPABLE_MAGIC) {
      need(source, header, 4);
      long length = SKIPPABLE_HEADER + Integer.toUnsignedLong(header.getInt());
      return new ZstdFrame(true, OptionalLong.of(length), 0, SKIPPABLE_HEADER, false);
    }
    if (magic != MAGIC) {
      throw source.corrupt(
          source.position() == 0
              ? String.format(Locale.ROOT, "not a zstd frame: it begins with 0x%08x", magic)
              : source.remaining() + " bytes follow the end of the zstd stream");
    }
    need(source, header, 1);
    int descriptor = header.get() & 0xff;
    boolean singleSegment = (descriptor & 0x20) != 0;
    int dictionaryBytes = new int[] {0, 1, 2, 4}[descriptor & 3];
    int sizeBytes = new int[] {singleSegment ? 1 : 0, 2, 4, 8}[descriptor >> 6];
    int windowBytes = singleSegment ? 0 : 1;
    need(source, header, windowBytes + dictionaryBytes + sizeBytes);
    header.position(header.position() + windowBytes);
    long dictionary = number(header, dictionaryBytes);
    OptionalLong size = size(header, sizeBytes);
    boolean checksum = (descriptor & 4) != 0;
    return new ZstdFrame(false, size, dictionary, header.position(), checksum);
  }

  private static OptionalLong size(ByteBuffer header, int bytes) {
    return switch (bytes) {
      case 0 -> OptionalLong.empty();
      case 2 -> OptionalLong.of(256 + number(header, 2));
      default -> OptionalLong.of(number(header, bytes));
    };
  }

  private static void need(CompressedSource source, ByteBuffer header, int count)
      throws CorruptObjectException {
    if (header.remaining() < count) {
      throw source.corrupt(
          source.position() == 0 || header.position() >= 4
              ? "the zstd stream is cut inside a frame's header"
              : source.remaining() + " bytes follow the end of the zstd stream");
    }
  }

  private static long number(ByteBuffer header, int bytes) {
    return switch (bytes) {
      case 0 -> 0;
      case 1 -> header.get() & 0xff;
      case 2 -> header.getShort() & 0xffff;
      case 4 -> Integer.toUnsignedLong(header.getInt());
      default -> header.getLong();
    };
  }
}
