// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

import io.millrace.storage.CorruptObjectException;

/**
 * What all frames of a zstd stream can hold together, told from their headers and those of their
 * blocks (RFC 8878, 3.1.1), without inflating.
 *
 * @param most bytes that they inflate to at most
 * @param exact whether every frame says what it inflates to, so that it must be {@code most}
 */
record ZstdContent(long most, boolean exact) {

  private static final int BLOCK_HEADER = 3;

  /** No block inflates to more, whatever the window. */
  private static final long MOST_OF_A_BLOCK = 128 << 10;

  private static final int REPEATED = 1;
  private static final int RESERVED = 3;
  private static final int CHECKSUM = 4;

  /** Reads a source to its end, passing over what the blocks contain. */
  static ZstdContent of(CompressedSource in) throws CorruptObjectException {
    long most = 0;
    boolean exact = true;
    while (in.remaining() > 0) {
      ZstdFrame frame = ZstdFrame.peek(in);
      if (frame.skippable()) {
        ZstdDecompressor.skip(frame.size().orElseThrow(), in);
        continue;
      }
      long begin = in.position();
      long held = mostOfFrame(frame, in);
      long size = frame.size().orElse(held);
      if (Long.compareUnsigned(size, held) > 0) {
        throw in.corrupt(
            begin,
            "a zstd frame says that it holds "
                + Long.toUnsignedString(size)
                + " bytes where its blocks can hold at most "
                + held);
      }
      most += size;
      exact &= frame.size().isPresent();
    }
    return new ZstdContent(most, exact);
  }

  /** Passes over a frame; what its blocks inflate to at most. */
  private static long mostOfFrame(ZstdFrame frame, CompressedSource in)
      throws CorruptObjectException {
    long begin = in.position();
    pass(frame.headerBytes(), begin, in);
    long most = 0;
    boolean last = false;
    while (!last) {
      if (in.remaining() < BLOCK_HEADER) {
        throw cut(begin, in);
      }
      int header = in.read() | in.read() << 8 | in.read() << 16;
      last = (header & 1) != 0;
      int type = header >> 1 & 3;
      int size = header >> 3;
      if (type == RESERVED) {
        throw in.corrupt("the zstd frame at " + begin + " is damaged: a block of no known type");
      }
      pass(type == REPEATED ? 1 : size, begin, in);
      most += type == 2 ? MOST_OF_A_BLOCK : Math.min(size, MOST_OF_A_BLOCK);
    }
    pass(frame.checksum() ? CHECKSUM : 0, begin, in);
    return most;
  }

  private static void pass(long count, long begin, CompressedSource in)
      throws CorruptObjectException {
    if (count > in.remaining()) {
      throw cut(begin, in);
    }
    in.skip(count);
  }

  private static CorruptObjectException cut(long begin, CompressedSource in) {
    return in.corrupt("the zstd stream is cut inside the frame at " + begin);
  }
}
