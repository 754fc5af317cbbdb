// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.compression;

import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import java.util.Optional;

/**
 * Turns bytes into a smaller <i>stored form</i> and back. Thread-safe; each call works on the
 * calling thread, and waits while as many others compute as there are processors, which an
 * interrupt does not end. Owned by the cache that uses it; after {@link #close} calls in progress
 * end as usual, and later ones work and free their contexts at once.
 *
 * <p>A stored form describes itself: it tells how long the bytes are that it stands for and how
 * each part of them was coded, whatever the mode of who reads it, so that it can outlive the
 * process on a disk. It carries no checksum. {@link StoredFormat} has its layout.
 *
 * <p>Beside the zstd contexts, which are native memory (about 1 MB for each thread that decodes, 5
 * for each that compresses), a thread at work takes up to 2 MB of scratch memory on the heap, kept
 * for the next one; at most {@value #MOST_CODECS} of each.
 */
public final class ExtentCompression implements AutoCloseable {

  private static final int MOST_CODECS = 8;

  private final CompressionMode mode;
  private final CodecPool<ExtentEncoder> encoders;
  private final CodecPool<ExtentDecoder> decoders;

  public ExtentCompression(CompressionMode mode) {
    int most = Math.min(MOST_CODECS, Runtime.getRuntime().availableProcessors());
    this.mode = mode;
    this.encoders = new CodecPool<>(most, ExtentEncoder::new);
    this.decoders = new CodecPool<>(most, ExtentDecoder::new);
  }

  public CompressionMode mode() {
    return mode;
  }

  /**
   * The stored form of bytes, in memory from the source; empty if it does not pay: then the source
   * takes back what it gave.
   */
  public Optional<ByteChunks> compress(ByteChunks raw, ChunkSource memory) {
    if (mode == CompressionMode.NONE || raw.length() < StoredFormat.LEAST_LENGTH) {
      return Optional.empty();
    }
    ExtentEncoder encoder = encoders.take();
    try {
      return encoder.encode(raw, mode, memory);
    } finally {
      encoders.giveBack(encoder);
    }
  }

  /**
   * Fills a run with the bytes that a stored form stands for. The form may be anything: nothing is
   * written outside of the run, and nothing allocated that its numbers ask for.
   *
   * @param object what the bytes are of, for messages
   * @param offset where they begin in it, for messages
   * @throws CorruptObjectException if it is no stored form of so many bytes; what the run holds
   *     then is undefined
   */
  public void decompress(ObjectLocation object, long offset, ByteChunks stored, ByteChunks into)
      throws CorruptObjectException {
    ExtentDecoder decoder = decoders.take();
    try {
      decoder.decode(new StoredReader(object, offset, stored), into);
    } finally {
      decoders.giveBack(decoder);
    }
  }

  @Override
  public void close() {
    encoders.close();
    decoders.close();
  }
}
