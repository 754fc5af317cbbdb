// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import io.millrace.sample.Bytes;

/** A single shard as bytes, for splits and wherever one travels or is kept alone. */
public final class ShardBytes {

  private ShardBytes() {}

  /** The shard in a few bytes, which may change from version to version of Millrace. */
  public static byte[] write(Shard shard) {
    PackedOutput out = new PackedOutput();
    ShardEncoder encoder = new ShardEncoder(out);
    out.writeUnsigned(shard.index());
    encoder.write(shard.descriptor());
    encoder.write(shard);
    return out.toByteArray();
  }

  /**
   * The shard that was written.
   *
   * @throws IllegalArgumentException if the bytes are not of a shard
   */
  public static Shard read(byte[] bytes) {
    PackedInput in = new PackedInput(bytes, 0, bytes.length);
    ShardDecoder decoder = new ShardDecoder(in);
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
