// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Zstandard by zstd-jni's streaming interface, straight from and into the chunks' arrays. Where a
 * frame and what it inflates to lie in one array each, libzstd decodes in one go, without its
 * window buffer.
 */
public final class ZstdDecompressor implements Decompressor {

  /** Frames that need to look back further than 2 to the power of this are refused. */
  private static final int WINDOW_LOG_MAX = 27;

  private final ZstdDecompressCtx context = new ZstdDecompressCtx();
  private boolean closed;

  @Override
  public void checkDeclared(ObjectLocation object, ByteChunks source, long declared)
      throws CorruptObjectException {
    CompressedSource in = new CompressedSource(object, List.of(source));
    ZstdContent content = ZstdContent.of(in);
    if (declared > content.most() || (content.exact() && declared != content.most())) {
      throw in.corrupt(
          0,
          "the zstd frames "
              + (content.exact() ? "say that they hold " : "can hold at most ")
              + content.most()
              + " bytes where "
              + declared
              + " are declared");
    }
  }

  @Override
  public void inflate(ObjectLocation object, List<ByteChunks> source, ByteChunks target)
      throws CorruptObjectException {
    checkOpen(object);
    CompressedSource in = new CompressedSource(object, source);
    InflatedTarget out = new InflatedTarget(target);
    inflateAll(in, out, () -> {});
    Faults.checkFull("zstd", in, out);
  }

  /**
   * Inflates an object of which nobody has declared a size. Where all of its frames say theirs,
   * memory is taken once, of exactly that size; else a chunk at a time, as it is filled.
   *
   * @return what it inflates to, in the memory that was given
   * @throws CorruptObjectException as {@link #inflate(ObjectLocation, ByteChunks, ByteChunks)}
   * @throws IOException what the memory throws
   */
  public ByteChunks inflate(ObjectLocation object, ByteChunks source, InflatedMemory memory)
      throws IOException {
    checkOpen(object);
    ZstdContent content = ZstdContent.of(new CompressedSource(object, List.of(source)));
    if (content.exact() && content.most() > 0) {
      ByteChunks target = memory.allocate(content.most());
      inflate(object, source, target);
      return target;
    }
    InflatedTarget out = new InflatedTarget(content.most());
    inflateAll(new CompressedSource(object, List.of(source)), out, () -> out.grow(memory));
    return out.written();
  }

  private void checkOpen(ObjectLocation object) {
    if (closed) {
      throw new IllegalStateException("Cannot inflate " + object + ": the decompressor is closed");
    }
  }

  /** Sees to it that there is room for what comes next. */
  private interface Growth<E extends Exception> {
    void grow() throws E;
  }

  private <E extends Exception> void inflateAll(
      CompressedSource in, InflatedTarget out, Growth<E> growth) throws CorruptObjectException, E {
    context.reset();
    context.setLongMax(WINDOW_LOG_MAX);
    boolean any = false;
    while (in.remaining() > 0) {
      ZstdFrame frame = ZstdFrame.peek(in);
      if (frame.skippable()) {
        skip(frame.size().orElseThrow(), in);
      } else {
        any = true;
        check(frame, in, out);
        inflateFrame(in, out, growth);
      }
    }
    if (!any) {
      throw in.corrupt("the zstd stream has no frame");
    }
  }

  static void skip(long size, CompressedSource in) throws CorruptObjectException {
    if (size > in.remaining()) {
      throw in.corrupt(
          "the zstd stream is cut: a skippable frame of "
              + size
              + " bytes has "
              + in.remaining()
              + " left");
    }
    in.skip(size);
  }

  private static void check(ZstdFrame frame, CompressedSource in, InflatedTarget out)
      throws CorruptObjectException {
    if (frame.dictionary() != 0) {
      throw in.corrupt("a zstd frame needs the dictionary " + frame.dictionary());
    }
    long size = frame.size().orElse(0);
    if (Long.compareUnsigned(size, out.remaining()) > 0) {
      throw in.corrupt(
          "a zstd frame says that it holds "
              + Long.toUnsignedString(size)
              + " bytes where "
              + out.remaining()
              + " of the declared "
              + out.length()
              + " are left");
    }
  }

  private <E extends Exception> void inflateFrame(
      CompressedSource in, InflatedTarget out, Growth<E> growth) throws CorruptObjectException, E {
    long begin = in.position();
    boolean done = false;
    while (!done) {
      growth.grow();
      int available = in.available();
      int room = out.room();
      ByteBuffer from = ByteBuffer.wrap(in.array(), in.offset(), available);
      ByteBuffer to = ByteBuffer.wrap(out.array(), out.offset(), room);
      try {
        done = context.decompressByteBufferStream(to, from);
      } catch (ZstdException e) {
        throw in.corrupt("the zstd frame at " + begin + " is damaged: " + e.getMessage(), e);
      }
      in.advance(available - from.remaining());
      if (!out.advance(room - to.remaining())) {
        throw Faults.excess("zstd", in, out);
      }
      if (!done && from.remaining() == available && to.remaining() == room) {
        throw in.corrupt("the zstd stream is cut inside the frame at " + begin);
      }
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      context.close();
    }
  }
}
