// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.hash;

import com.dynatrace.hash4j.hashing.HashStream128;
import com.dynatrace.hash4j.hashing.HashStream32;
import com.dynatrace.hash4j.hashing.HashStream64;
import java.nio.ByteBuffer;

/** xxHash of hash4j with seed 0. */
final class XxEngine implements HashEngine {

  // the widths are subtypes of each other: 128 is a 64 is a 32
  private final HashStream32 stream;

  XxEngine(HashStream32 stream) {
    this.stream = stream;
  }

  @Override
  public void update(byte[] array, int offset, int length) {
    stream.putBytes(array, offset, length);
  }

  @Override
  public byte[] digest() {
    ByteBuffer result = ByteBuffer.allocate(stream.getHashBitSize() / Byte.SIZE);
    if (stream instanceof HashStream128 wide) {
      var value = wide.get();
      result.putLong(value.getMostSignificantBits()).putLong(value.getLeastSignificantBits());
    } else if (stream instanceof HashStream64 middle) {
      result.putLong(middle.getAsLong());
    } else {
      result.putInt(stream.getAsInt());
    }
    stream.reset();
    return result.array();
  }
}
