// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.storage.ByteChunks;
import io.millrace.storage.RangeReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * Reads an object from its first byte to its last, a piece at a time. Does not close the reader.
 */
final class StoredIndexStream extends InputStream {

  private static final int PIECE = 4 << 20;

  private final RangeReader reader;
  private final long length;
  private ByteChunks piece = ByteChunks.allocate(0);
  private long pieceStart;
  private long position;

  StoredIndexStream(RangeReader reader, long length) {
    this.reader = reader;
    this.length = length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, target.length);
    if (count == 0) {
      return 0;
    }
    if (position == length) {
      return -1;
    }
    if (position == pieceStart + piece.length()) {
      ByteChunks next = ByteChunks.allocate(Math.min(PIECE, length - position));
      reader.readFully(position, next);
      piece = next;
      pieceStart = position;
    }
    int taken = (int) Math.min(count, pieceStart + piece.length() - position);
    piece.copyTo(position - pieceStart, target, offset, taken);
    position += taken;
    return taken;
  }
}
