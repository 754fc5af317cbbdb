// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import io.millrace.sample.Bytes;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A single shard as bytes, for splits and wherever one travels or is kept alone: the length of its
 * packed form and that form deflated, or 0 and that form as it is where this is not longer.
 */
public final class ShardBytes {

  /** Deflating makes no less of bytes than one in so many. */
  private static final long MOST_OF_A_BYTE = 1032;

  private static final long MOST_BYTES = 1 << 30;

  /** A single object's shard is seldom longer, and little would be won. */
  private static final int WORTH_DEFLATING = 512;

  private ShardBytes() {}

  /** The shard in a few bytes, which may change from version to version of Millrace. */
  public static byte[] write(Shard shard) {
    PackedOutput out = new PackedOutput();
    ShardEncoder encoder = new ShardEncoder(out);
    out.writeUnsigned(shard.index());
    encoder.write(shard.descriptor());
    encoder.write(shard);
    byte[] packed = out.toByteArray();
    byte[] deflated = packed.length < WORTH_DEFLATING ? packed : deflate(packed);
    boolean shorter = deflated.length < packed.length;
    byte[] kept = shorter ? deflated : packed;
    PackedOutput bytes = new PackedOutput();
    bytes.writeUnsigned(shorter ? packed.length : 0);
    bytes.writeRaw(kept, 0, kept.length);
    return bytes.toByteArray();
  }

  /** As much as fits into as many bytes. */
  private static byte[] deflate(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    try {
      deflater.setInput(bytes);
      deflater.finish();
      byte[] deflated = new byte[bytes.length];
      int length = deflater.deflate(deflated);
      return deflater.finished() ? Arrays.copyOf(deflated, length) : deflated;
    } finally {
      deflater.end();
    }
  }

  /**
   * The shard that was written.
   *
   * @throws IllegalArgumentException if the bytes are not of a shard
   */
  public static Shard read(byte[] bytes) {
    PackedInput in = new PackedInput(bytes, 0, bytes.length);
    long length = in.readUnsigned();
    byte[] kept = Arrays.copyOfRange(bytes, in.position(), bytes.length);
    return read(length == 0 ? kept : inflate(kept, length), false);
  }

  private static byte[] inflate(byte[] deflated, long length) {
    if (length < 0 || length > Math.min(MOST_BYTES, MOST_OF_A_BYTE * deflated.length)) {
      throw new IllegalArgumentException(
          "Cannot read a shard: " + deflated.length + " bytes do not inflate to " + length);
    }
    Inflater inflater = new Inflater(true);
    try {
      // A byte more, for the inflater to come to the end.
      inflater.setInput(Arrays.copyOf(deflated, deflated.length + 1));
      byte[] bytes = new byte[(int) length];
      int inflated = inflater.inflate(bytes);
      if (inflated < length || !inflater.finished() || inflater.getRemaining() != 1) {
        throw new IllegalArgumentException(
            "Cannot read a shard: it does not inflate to " + length + " bytes");
      }
      return bytes;
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("Cannot read a shard: " + e.getMessage(), e);
    } finally {
      inflater.end();
    }
  }

  /**
   * The shard that was written in the form that splits of version 2 have.
   *
   * @throws IllegalArgumentException if the bytes are not of a shard
   */
  public static Shard readFirstForm(byte[] bytes) {
    return read(bytes, true);
  }

  private static Shard read(byte[] bytes, boolean first) {
    PackedInput in = new PackedInput(bytes, 0, bytes.length);
    ShardDecoder decoder = new ShardDecoder(in, first);
    int index;
    Shard shard;
    try {
      index = Math.toIntExact(in.readUnsigned());
      Bytes descriptor = decoder.readDescriptor();
      shard = decoder.read(index, descriptor);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("Cannot read a shard: " + e.getMessage(), e);
    }
    if (!in.isAtEnd()) {
      throw new IllegalArgumentException(
          "Cannot read a shard: " + (bytes.length - in.position()) + " bytes follow its end");
    }
    return shard;
  }
}
