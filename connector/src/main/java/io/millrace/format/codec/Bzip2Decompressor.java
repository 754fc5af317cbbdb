// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/**
 * Bzip2 by Commons Compress, stream after stream: its own way with concatenated streams takes
 * whatever else follows the first one for their end.
 */
final class Bzip2Decompressor implements Decompressor {

  private static final byte[] MAGIC = {'B', 'Z', 'h'};

  /**
   * A block has 900,000 bytes at most, of which five may stand for 259; its header, maps and two
   * code tables take 24 bytes at least. Zeros really come to half of this.
   */
  private static final long MOST_OF_A_BYTE = 2 << 20;

  private boolean closed;

  @Override
  public void checkDeclared(ObjectLocation object, ByteChunks source, long declared)
      throws CorruptObjectException {
    Faults.checkMost("bz2", object, source.length(), declared, MOST_OF_A_BYTE * source.length());
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
      checkMagic(in);
      if (!inflateStream(in, out)) {
        throw Faults.excess("bz2", in, out);
      }
    } while (in.remaining() > 0);
    Faults.checkFull("bz2", in, out);
  }

  private static void checkMagic(CompressedSource in) throws CorruptObjectException {
    byte[] header = in.peek(MAGIC.length);
    if (!Arrays.equals(header, MAGIC)) {
      throw in.corrupt(
          in.position() == 0
              ? "not a bz2 stream"
              : in.remaining() + " bytes follow the end of the bz2 stream");
    }
  }

  /** False at the first byte of excess. The decoder reads byte by byte, so never past the end. */
  private static boolean inflateStream(CompressedSource in, InflatedTarget out)
      throws CorruptObjectException {
    long begin = in.position();
    SourceStream stream = new SourceStream(in, begin + in.remaining());
    try (InputStream decoder = new BZip2CompressorInputStream(stream)) {
      return out.fillFrom(decoder);
    } catch (IOException | IndexOutOfBoundsException | IllegalStateException e) {
      throw in.corrupt("the bz2 stream at " + begin + " is damaged or cut: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
