// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.ValueSink;
import io.millrace.sample.DecimalValue;
import io.millrace.storage.ByteChunks;

/** UTF-8 text and numbers that are stored as text. */
final class TextDecoders {

  /** Time and memory to make a number of longer ones grow with the square of their length. */
  static final int MAX_DECIMAL_CHARACTERS = 10_000;

  private TextDecoders() {}

  static void string(ByteChunks data, long position, int length, int field, ValueSink sink)
      throws MalformedValueException {
    sink.setString(field, StrictText.decode(data, position, length));
  }

  static void json(ByteChunks data, long position, int length, int field, ValueSink sink)
      throws MalformedValueException {
    String text = StrictText.decode(data, position, length);
    JsonText.check(text);
    sink.setString(field, text);
  }

  static void integer(ByteChunks data, long position, int length, int field, ValueSink sink)
      throws MalformedValueException {
    // A sign and the digits; refused before a text of any length is made of it.
    check(length, PythonNumbers.MAX_INTEGER_DIGITS + 1);
    sink.setObject(field, PythonNumbers.parseInteger(StrictText.decode(data, position, length)));
  }

  static void real(ByteChunks data, long position, int length, int field, ValueSink sink)
      throws MalformedValueException {
    check(length, PythonNumbers.MAX_FLOAT_CHARACTERS);
    sink.setDouble(field, PythonNumbers.parseDouble(StrictText.decode(data, position, length)));
  }

  static void decimal(ByteChunks data, long position, int length, int field, ValueSink sink)
      throws MalformedValueException {
    check(length, MAX_DECIMAL_CHARACTERS);
    String text = StrictText.decode(data, position, length);
    try {
      sink.setObject(field, DecimalValue.parse(text));
    } catch (IllegalArgumentException e) {
      throw new MalformedValueException(0, String.valueOf(e.getMessage()), e);
    }
  }

  private static void check(int length, int most) throws MalformedValueException {
    if (length > most) {
      throw new MalformedValueException(
          0, "a number of " + length + " characters; at most " + most + " are read");
    }
  }
}
