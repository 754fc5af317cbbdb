// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.ValueSink;
import io.millrace.sample.SmallFloats;
import io.millrace.storage.ByteChunks;

/** Little-endian numbers of 1 to 8 bytes. */
final class ScalarDecoders {

  private ScalarDecoders() {}

  static void int8(ByteChunks data, long position, int length, int field, ValueSink sink)
      throws MalformedValueException {
    check(length, 1);
    sink.setLong(field, data.getByte(position));
  }

  static void uint8(ByteChunks data, long position, int length, int field, ValueSink sink)
      throws MalformedValueException {
    check(length, 1);
    sink.setLong(field, data.getByte(position) & 0xff);
  }

  static void int16(ByteChunks data, long position, int length, int field, ValueSink sink)
      throws MalformedValueException {
    check(length, 2);
    sink.setLong(field, twoBytes(data, position));
  }

  static void uint16(ByteChunks data, long position, int length, int field, ValueSink sink)
      throws MalformedValueException {
    check(length, 2);
    sink.setLong(field, twoBytes(data, position) & 0xffff);
  }

  static void int32(ByteChunks data, long position, int length, int field, ValueSink sink)
      throws MalformedValueException {
    check(length, 4);
    sink.setLong(field, data.getInt(position));
  }

  static void uint32(ByteChunks data, long position, int length, int field, ValueSink sink)
      throws MalformedValueException {
    check(length, 4);
    sink.setLong(field, data.getUnsignedInt(position));
  }

  /** Also of unsigned values, which a sink takes as raw bits. */
  static void int64(ByteChunks data, long position, int length, int field, ValueSink sink)
      throws MalformedValueException {
    check(length, 8);
    sink.setLong(field, data.getLong(position));
  }

  static void float16(ByteChunks data, long position, int length, int field, ValueSink sink)
      throws MalformedValueException {
    check(length, 2);
    sink.setFloat(field, SmallFloats.float16ToFloat(twoBytes(data, position)));
  }

  static void float32(ByteChunks data, long position, int length, int field, ValueSink sink)
      throws MalformedValueException {
    check(length, 4);
    sink.setFloat(field, Float.intBitsToFloat(data.getInt(position)));
  }

  static void float64(ByteChunks data, long position, int length, int field, ValueSink sink)
      throws MalformedValueException {
    check(length, 8);
    sink.setDouble(field, Double.longBitsToDouble(data.getLong(position)));
  }

  private static short twoBytes(ByteChunks data, long position) {
    return (short) ((data.getByte(position) & 0xff) | data.getByte(position + 1) << 8);
  }

  private static void check(int length, int expected) throws MalformedValueException {
    if (length != expected) {
      throw new MalformedValueException(
          0, "the value has " + length + " bytes; its encoding has " + expected);
    }
  }
}
