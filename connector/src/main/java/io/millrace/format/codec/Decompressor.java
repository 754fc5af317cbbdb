// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import java.util.List;

/**
 * Inflates objects of one compression, one after the other. Used by one thread at a time. Its maker
 * closes it: some hold native memory.
 *
 * <p>What a stream costs is bounded whatever it says: time by the bytes it has and the bytes it may
 * give, memory by the target and by the decoder's own state (zstd: a window of at most 128 MiB,
 * outside the heap; brotli: 16 MiB; bzip2: 4 MB; the others less than 64 KiB).
 */
public sealed interface Decompressor extends AutoCloseable
    permits ZstdDecompressor,
        GzipDecompressor,
        BrotliDecompressor,
        Bzip2Decompressor,
        SnappyDecompressor {

  /** A new one for a compression. */
  static Decompressor of(Compression compression) {
    return switch (compression) {
      case ZSTD -> new ZstdDecompressor();
      case GZIP -> new GzipDecompressor();
      case BROTLI -> new BrotliDecompressor();
      case BZIP2 -> new Bzip2Decompressor();
      case SNAPPY -> new SnappyDecompressor();
    };
  }

  /**
   * Refuses a declared size that the object cannot inflate to, judging by its length and, where the
   * compression has any, the sizes in its headers; so that no memory is allocated for a lie. What
   * passes may still turn out to hold another number of bytes. Never blocks.
   *
   * @param object what the bytes are of, for messages
   * @param source the object's bytes
   * @param declared bytes that it is said to inflate to
   * @throws CorruptObjectException if it cannot be so many; or if the headers that are looked at
   *     are damaged or cut
   */
  void checkDeclared(ObjectLocation object, ByteChunks source, long declared)
      throws CorruptObjectException;

  /**
   * Inflates a whole object into a target of exactly its declared size; never writes more, and
   * after a failure the target's content is undefined. Several zstd frames, gzip members or bzip2
   * streams in a row give the sum of what they hold, zstd's skippable frames nothing. Never blocks.
   *
   * @param object what the bytes are of, for messages
   * @param source the object's bytes, from its first to its last, cut anywhere
   * @param target memory of the declared size
   * @throws CorruptObjectException if the stream is damaged or cut, holds more or less than the
   *     target takes, names another size, needs a dictionary or too large a window, or if anything
   *     follows its end. The offset is where in the object, in compressed bytes, decoding stood: at
   *     or shortly after the fault
   * @throws IllegalStateException after {@link #close}
   */
  void inflate(ObjectLocation object, List<ByteChunks> source, ByteChunks target)
      throws CorruptObjectException;

  /** {@link #inflate(ObjectLocation, List, ByteChunks)} of a source in one piece. */
  default void inflate(ObjectLocation object, ByteChunks source, ByteChunks target)
      throws CorruptObjectException {
    inflate(object, List.of(source), target);
  }

  /** Gives memory back. Does nothing when repeated. */
  @Override
  void close();
}
