// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** Executes what pushes a number, a truth value or {@code None}. */
final class NumberOpcodes {

  /** Python writes at most 24 characters. */
  private static final int LONGEST_FLOAT = 1_000;

  /** Bits that a decimal digit may need, times 100, rounded up. */
  private static final long CENTIBITS_OF_DIGIT = 333;

  private final PickleReader reader;
  private final PickleStack stack;
  private final PickleLimits limits;

  NumberOpcodes(PickleReader reader, PickleStack stack, PickleLimits limits) {
    this.reader = reader;
    this.stack = stack;
    this.limits = limits;
  }

  void execute(Opcode opcode) throws PickleException {
    stack.push(
        switch (opcode) {
          case NONE -> PyNone.NONE;
          case NEWTRUE -> true;
          case NEWFALSE -> false;
          case BININT -> (long) reader.readInt();
          case BININT1 -> (long) reader.readByte();
          case BININT2 -> (long) reader.readShort();
          case BINFLOAT -> Double.longBitsToDouble(Long.reverseBytes(reader.readLong()));
          case LONG1 -> binary(reader.readByte());
          case LONG4 -> binary(reader.readInt());
          case INT -> intOrBool();
          case LONG -> decimalLong();
          case FLOAT -> NumberText.floating(line(LONGEST_FLOAT));
          default -> throw new IllegalStateException("Cannot execute " + opcode + " as a number");
        });
  }

  /** Two's complement, little-endian. */
  private Object binary(int length) throws PickleException {
    if (length < 0) {
      throw new PickleException("its length is negative: " + length);
    }
    reader.require(length);
    if (length > limits.integerDigits() * CENTIBITS_OF_DIGIT / 800 + 1) {
      throw tooLong(length + " bytes");
    }
    if (length > Long.BYTES) {
      byte[] bytes = reader.readBytes(length);
      for (int i = 0, j = length - 1; i < j; i++, j--) {
        byte swapped = bytes[i];
        bytes[i] = bytes[j];
        bytes[j] = swapped;
      }
      return NumberText.normalised(new BigInteger(bytes));
    }
    long value = 0;
    for (int i = 0; i < length; i++) {
      value |= (long) reader.readByte() << (Byte.SIZE * i);
    }
    int unused = Long.SIZE - Byte.SIZE * length;
    return value << unused >> unused;
  }

  /** In protocol 0 truth values were written as numbers with a leading zero. */
  private Object intOrBool() throws PickleException {
    String text = line(limits.integerDigits() + 1);
    return switch (text) {
      case "00" -> false;
      case "01" -> true;
      default -> integer(text);
    };
  }

  private Object decimalLong() throws PickleException {
    String text = line(limits.integerDigits() + 2);
    return integer(text.endsWith("L") ? text.substring(0, text.length() - 1) : text);
  }

  private Object integer(String text) throws PickleException {
    if (text.length() > limits.integerDigits() + (text.startsWith("-") ? 1 : 0)) {
      throw tooLong(text.length() + " digits");
    }
    return NumberText.integer(text);
  }

  private PickleException tooLong(String length) {
    return new PickleException(
        "a whole number of " + length + " is longer than " + limits.integerDigits() + " digits");
  }

  private String line(int longest) throws PickleException {
    int length = reader.lineLength(longest);
    String text = new String(reader.readBytes(length), StandardCharsets.ISO_8859_1);
    reader.skip(1);
    return text;
  }
}
