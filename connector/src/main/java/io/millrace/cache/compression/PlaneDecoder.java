// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.compression;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import java.util.Arrays;

/** The other direction of {@link PlaneEncoder}. Planes stored as they are are read in place. */
final class PlaneDecoder {

  private final ZstdDecompressCtx context;
  private final PlaneViews views = new PlaneViews();
  private final Scratch planes = new Scratch();
  private final Scratch source = new Scratch();
  private final Scratch dense = new Scratch();
  private final Scratch map = new Scratch();

  PlaneDecoder(ZstdDecompressCtx context) {
    this.context = context;
  }

  /**
   * Reads a part, whose length was read before, into an array.
   *
   * @param length at most a chunk
   */
  void decode(StoredReader in, byte[] target, int offset, int length)
      throws CorruptObjectException {
    int flags = in.readByte();
    int width = 1 << (flags & StoredFormat.WIDTH_MASK);
    boolean rotated = (flags & StoredFormat.ROTATED) != 0;
    boolean sparse = (flags & StoredFormat.SPARSE) != 0;
    int phase = flags >> StoredFormat.PHASE_SHIFT;
    if (width == 1 || phase >= width || length < phase + width) {
      throw in.corrupt(
          length + " bytes are no array of " + width + "-byte numbers after " + phase + " bytes");
    }
    int count = (length - phase) / width;
    int end = phase + count * width;
    in.read(target, offset, phase);
    in.read(target, offset + end, length - end);
    if (sparse) {
      decodeSparse(in, width, rotated, count, target, offset + phase);
    } else {
      decodePlanes(in, width, rotated, count, target, offset + phase);
    }
  }

  private void decodeSparse(
      StoredReader in, int width, boolean rotated, int count, byte[] target, int offset)
      throws CorruptObjectException {
    int mapBytes = Planes.mapBytes(count);
    byte[] bits = map.atLeast(mapBytes);
    int stream = in.readByte();
    decodeStream(in, stream, bits, 0, mapBytes);
    boolean beyond = count % 64 != 0 && number(bits, mapBytes - 8) >>> count % 64 != 0;
    int kept = Planes.countBits(bits, mapBytes);
    if (beyond || kept > count) {
      throw in.corrupt("a map of " + count + " numbers names others");
    }
    byte[] numbers = dense.atLeast(kept * width);
    decodePlanes(in, width, rotated, kept, numbers, 0);
    Planes.expand(width, bits, numbers, count, target, offset);
  }

  private static long number(byte[] array, int offset) {
    return Planes.number(array, offset, 8, false);
  }

  private void decodePlanes(
      StoredReader in, int width, boolean rotated, int count, byte[] target, int offset)
      throws CorruptObjectException {
    byte[] scratch = planes.atLeast(width * count);
    views.reset(width);
    for (int plane = 0; plane < width; plane++) {
      int stream = in.readByte();
      ByteChunks.Segment inPlace =
          stream == StoredFormat.PLAIN && count > 0 ? in.inOneArray(count) : null;
      if (inPlace != null) {
        views.set(plane, inPlace.array(), inPlace.offset());
      } else {
        decodeStream(in, stream, scratch, plane * count, count);
        views.set(plane, scratch, plane * count);
      }
    }
    Planes.join(rotated, views, count, target, offset);
    views.clear();
  }

  private void decodeStream(StoredReader in, int stream, byte[] target, int at, int length)
      throws CorruptObjectException {
    switch (stream) {
      case StoredFormat.CONSTANT -> Arrays.fill(target, at, at + length, (byte) in.readByte());
      case StoredFormat.PLAIN -> in.read(target, at, length);
      case StoredFormat.FRAME -> inflate(in, target, at, length);
      default -> throw in.corrupt("stream " + stream + " is unknown");
    }
  }

  private void inflate(StoredReader in, byte[] target, int at, int length)
      throws CorruptObjectException {
    int stored = (int) in.readVarint(length, "the length of a zstd frame");
    ByteChunks.Segment inPlace = in.inOneArray(stored);
    byte[] array;
    int offset;
    if (inPlace == null) {
      array = source.atLeast(stored);
      offset = 0;
      in.read(array, 0, stored);
    } else {
      array = inPlace.array();
      offset = inPlace.offset();
    }
    int written;
    try {
      written = context.decompressByteArray(target, at, length, array, offset, stored);
    } catch (ZstdException e) {
      throw in.corrupt("a zstd frame is damaged: " + e.getMessage(), e);
    }
    if (written != length) {
      throw in.corrupt(
          "a zstd frame holds " + written + " bytes where " + length + " are expected");
    }
  }
}
