// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.brotli.dec.BrotliInputStream;

/**
 * Brotli of Google's Java decoder.
 *
 * <p>It reads ahead, by up to 4 KiB, and tells unused bytes only if its last read met the input's
 * end. Where the input ends exactly with a full read-ahead, it is decoded a second time without its
 * last byte: a stream that needed that byte then fails as cut, one that did not had bytes behind
 * its end.
 */
final class BrotliDecompressor implements Decompressor {

  /** What the decoder says about bytes behind the stream's end (org.brotli:dec 0.1.2). */
  private static final String UNUSED = "Unused bytes after end";

  /**
   * A meta-block inflates to 16 MiB at most (RFC 7932, 9.2), and its header with the three prefix
   * codes that it needs takes 9 bytes at least. Zeros really come to a third of this.
   */
  private static final long MOST_OF_A_BYTE = 2 << 20;

  private boolean closed;

  @Override
  public void checkDeclared(ObjectLocation object, ByteChunks source, long declared)
      throws CorruptObjectException {
    Faults.checkMost("br", object, source.length(), declared, MOST_OF_A_BYTE * source.length());
  }

  @Override
  public void inflate(ObjectLocation object, List<ByteChunks> source, ByteChunks target)
      throws CorruptObjectException {
    if (closed) {
      throw new IllegalStateException("Cannot inflate " + object + ": the decompressor is closed");
    }
    CompressedSource in = new CompressedSource(object, source);
    InflatedTarget out = new InflatedTarget(target);
    SourceStream stream = new SourceStream(in, in.remaining());
    boolean within;
    try (InputStream decoder = new BrotliInputStream(stream)) {
      within = out.fillFrom(decoder);
    } catch (IOException | IndexOutOfBoundsException e) {
      throw in.corrupt("the br stream is damaged or cut: " + reason(e), e);
    }
    if (!within) {
      throw Faults.excess("br", in, out);
    }
    Faults.checkFull("br", in, out);
    if (in.remaining() > 0
        || (!stream.endSeen() && endsBeforeLastByte(object, source, target.length()))) {
      throw in.corrupt("bytes follow the end of the br stream");
    }
  }

  private static boolean endsBeforeLastByte(
      ObjectLocation object, List<ByteChunks> source, long length) {
    CompressedSource in = new CompressedSource(object, source);
    byte[] scratch = new byte[16 * 1024];
    try (InputStream decoder = new BrotliInputStream(new SourceStream(in, in.remaining() - 1))) {
      long left = length;
      int count = 0;
      while (count >= 0 && left >= 0) {
        count = decoder.read(scratch, 0, scratch.length);
        left -= Math.max(count, 0);
      }
      return count < 0;
    } catch (IOException | IndexOutOfBoundsException e) {
      return reason(e).equals(UNUSED);
    }
  }

  private static String reason(Exception e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return String.valueOf(cause.getMessage());
  }

  @Override
  public void close() {
    closed = true;
  }
}
