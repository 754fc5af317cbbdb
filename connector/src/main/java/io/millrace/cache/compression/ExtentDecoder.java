// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.compression;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import java.nio.ByteBuffer;

/** Turns stored forms back into bytes, one at a time; reused from one to the next. */
final class ExtentDecoder implements CodecPool.Codec {

  private static final byte[] NOTHING = {};

  private final ZstdDecompressCtx context = new ZstdDecompressCtx();
  private final PlaneDecoder planes = new PlaneDecoder(context);

  void decode(StoredReader in, ByteChunks into) throws CorruptObjectException {
    int version = in.readByte();
    if (version != StoredFormat.VERSION) {
      throw in.corrupt("version " + version + " is unknown");
    }
    long length = in.readVarint(Long.MAX_VALUE, "the length");
    if (length != into.length()) {
      throw in.corrupt("it stands for " + length + " bytes where " + into.length() + " are wanted");
    }
    long done = 0;
    while (done < length) {
      int coding = in.readByte();
      long part = in.readVarint(length - done, "the length of a part");
      if (part == 0) {
        throw in.corrupt("a part is empty");
      }
      decodePart(coding, in, into, done, part);
      done += part;
    }
    if (in.remaining() > 0) {
      throw in.corrupt(in.remaining() + " bytes follow its end");
    }
  }

  private void decodePart(int coding, StoredReader in, ByteChunks into, long at, long length)
      throws CorruptObjectException {
    switch (coding) {
      case StoredFormat.RAW -> in.read(into, at, length);
      case StoredFormat.ZSTD -> inflate(in, into, at, length);
      case StoredFormat.PLANES -> {
        ByteChunks.Segment target = into.first(at, length);
        if (target == null || target.length() < length) {
          throw in.corrupt("an array of " + length + " bytes does not lie in one chunk");
        }
        planes.decode(in, target.array(), target.offset(), target.length());
      }
      default -> throw in.corrupt("coding " + coding + " is unknown");
    }
  }

  private void inflate(StoredReader in, ByteChunks into, long at, long length)
      throws CorruptObjectException {
    context.reset();
    context.setLongMax(StoredFormat.MAX_WINDOW_LOG);
    long done = 0;
    boolean ended = false;
    while (!ended) {
      ByteChunks.Segment from = in.available();
      ByteChunks.Segment to = into.first(at + done, length - done);
      if (from == null) {
        throw in.corrupt("a zstd frame is cut");
      }
      ByteBuffer source = ByteBuffer.wrap(from.array(), from.offset(), from.length());
      ByteBuffer target =
          to == null
              ? ByteBuffer.wrap(NOTHING)
              : ByteBuffer.wrap(to.array(), to.offset(), to.length());
      int room = target.remaining();
      try {
        ended = context.decompressByteBufferStream(target, source);
      } catch (ZstdException e) {
        throw in.corrupt("a zstd frame is damaged: " + e.getMessage(), e);
      }
      int read = from.length() - source.remaining();
      int written = room - target.remaining();
      if (!ended && read == 0 && written == 0) {
        throw in.corrupt("a zstd frame does not end after " + length + " bytes");
      }
      in.skip(read);
      done += written;
    }
    if (done != length) {
      throw in.corrupt("a zstd frame holds " + done + " bytes where " + length + " are expected");
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
