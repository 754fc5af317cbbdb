// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/** Bzip2 of Apache Commons Compress. */
final class Bzip2Decompressor implements Decompressor {

  private boolean closed;

  @Override
  public void inflate(ObjectLocation object, List<ByteChunks> source, ByteChunks target)
      throws CorruptObjectException {
    if (closed) {
      throw new IllegalStateException("Cannot inflate " + object + ": the decompressor is closed");
    }
    CompressedSource in = new CompressedSource(object, source);
    InflatedTarget out = new InflatedTarget(target);
    boolean within;
    try (InputStream stream =
        new BZip2CompressorInputStream(new SourceStream(in, in.remaining()), true)) {
      within = out.fillFrom(stream);
    } catch (IOException | IndexOutOfBoundsException e) {
      // the decoder leaves some bad codes to the bounds checks of its arrays
      throw in.corrupt("the bz2 stream is damaged or cut: " + e.getMessage(), e);
    }
    if (!within) {
      throw Faults.excess("bz2", in, out);
    }
    Faults.checkFull("bz2", in, out);
  }

  @Override
  public void close() {
    closed = true;
  }
}
