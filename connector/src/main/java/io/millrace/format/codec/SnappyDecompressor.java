// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

import static io.millrace.storage.ByteChunks.CHUNK_SIZE;

import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import java.util.List;

/**
 * The raw snappy block: its inflated length, then literals and copies of what came before (source:
 * google/snappy, format_description.txt). Written here because libraries want a block in one array.
 */
final class SnappyDecompressor implements Decompressor {

  /** A copy of 3 bytes gives up to 64, and no other element more for its bytes. */
  private static final long COPY_BYTES = 3;

  private static final long MOST_OF_A_COPY = 64;

  private boolean closed;

  @Override
  public void checkDeclared(ObjectLocation object, ByteChunks source, long declared)
      throws CorruptObjectException {
    CompressedSource in = new CompressedSource(object, List.of(source));
    checkLength(readLength(in), declared, in);
    // The index and the block may both lie.
    long most = (MOST_OF_A_COPY * source.length() + COPY_BYTES - 1) / COPY_BYTES;
    Faults.checkMost("snappy", object, source.length(), declared, most);
  }

  @Override
  public void inflate(ObjectLocation object, List<ByteChunks> source, ByteChunks target)
      throws CorruptObjectException {
    if (closed) {
      throw new IllegalStateException("Cannot inflate " + object + ": the decompressor is closed");
    }
    CompressedSource in = new CompressedSource(object, source);
    InflatedTarget out = new InflatedTarget(target);
    checkLength(readLength(in), target.length(), in);
    while (in.remaining() > 0) {
      int tag = in.read();
      int size = (tag >> 2) + 1;
      switch (tag & 3) {
        case 0 -> literal(size <= 60 ? size : readNumber(in, size - 60) + 1, in, out);
        case 1 -> copy(tag >> 5 << 8 | readNumber(in, 1), 4 + (tag >> 2 & 7), in, out, target);
        case 2 -> copy(readNumber(in, 2), size, in, out, target);
        default -> copy(readNumber(in, 4), size, in, out, target);
      }
    }
    Faults.checkFull("snappy", in, out);
  }

  private static void checkLength(long length, long declared, CompressedSource in)
      throws CorruptObjectException {
    if (length != declared) {
      throw in.corrupt(
          0,
          "the snappy block says that it holds "
              + length
              + " bytes where "
              + declared
              + " are declared");
    }
  }

  private static long readLength(CompressedSource in) throws CorruptObjectException {
    long length = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int next = in.read();
      if (next < 0) {
        throw Faults.cut("snappy", in);
      }
      length |= (next & 0x7fL) << shift;
      if (next < 0x80) {
        return length;
      }
    }
    throw in.corrupt("the snappy block's length has more than 5 bytes");
  }

  private static long readNumber(CompressedSource in, int bytes) throws CorruptObjectException {
    if (in.remaining() < bytes) {
      throw Faults.cut("snappy", in);
    }
    long value = 0;
    for (int shift = 0; shift < 8 * bytes; shift += 8) {
      value |= (long) in.read() << shift;
    }
    return value;
  }

  private static void literal(long size, CompressedSource in, InflatedTarget out)
      throws CorruptObjectException {
    if (size > out.remaining()) {
      throw Faults.excess("snappy", in, out);
    }
    if (size > in.remaining()) {
      throw Faults.cut("snappy", in);
    }
    for (long left = size; left > 0; ) {
      int count = (int) Math.min(left, out.room());
      count = in.read(out.array(), out.offset(), count);
      out.advance(count);
      left -= count;
    }
  }

  /** Repeats bytes from a distance behind the place reached; it may be shorter than the copy. */
  private static void copy(
      long distance, int size, CompressedSource in, InflatedTarget out, ByteChunks target)
      throws CorruptObjectException {
    if (distance == 0 || distance > out.position()) {
      throw in.corrupt(
          "a snappy copy reaches " + distance + " bytes back where there are " + out.position());
    }
    if (size > out.remaining()) {
      throw Faults.excess("snappy", in, out);
    }
    byte[][] chunks = target.chunks();
    long from = out.position() - distance;
    for (int left = size; left > 0; ) {
      int fromOffset = (int) (from % CHUNK_SIZE);
      int count = Math.min(Math.min(left, out.room()), CHUNK_SIZE - fromOffset);
      byte[] fromArray = chunks[(int) (from / CHUNK_SIZE)];
      byte[] toArray = out.array();
      int toOffset = out.offset();
      // byte by byte, forwards: the copy may read what it has just written
      for (int i = 0; i < count; i++) {
        toArray[toOffset + i] = fromArray[fromOffset + i];
      }
      out.advance(count);
      from += count;
      left -= count;
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
