// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import java.nio.charset.StandardCharsets;

/** Executes what moves values between stack and memo, and sets and takes marks. */
final class StackOpcodes {

  /** Digits of 2³² − 1. */
  private static final int LONGEST_NUMBER = 10;

  private final PickleReader reader;
  private final PickleStack stack;
  private final PickleMemo memo;

  StackOpcodes(PickleReader reader, PickleStack stack, PickleMemo memo) {
    this.reader = reader;
    this.stack = stack;
    this.memo = memo;
  }

  void execute(Opcode opcode) throws PickleException {
    switch (opcode) {
      case MARK -> stack.mark();
      case POP_MARK -> stack.popToMark();
      case POP -> pop();
      case DUP -> stack.push(stack.peek());
      case GET -> get(decimal());
      case BINGET -> get(reader.readByte());
      case LONG_BINGET -> get(reader.readInt());
      case PUT -> put(decimal());
      case BINPUT -> put(reader.readByte());
      case LONG_BINPUT -> put(reader.readInt());
      case MEMOIZE -> put(memo.count());
      default -> throw new IllegalStateException("Cannot execute " + opcode + " on the stack");
    }
  }

  /** Python's takes a mark too, if that is what lies on top. */
  private void pop() throws PickleException {
    if (stack.isMarkOnTop()) {
      stack.popToMark();
    } else {
      stack.pop();
    }
  }

  private void put(int number) throws PickleException {
    memo.put(number, stack.peek());
    stack.remember(number);
  }

  private void get(int number) throws PickleException {
    stack.push(memo.get(number));
    stack.remember(number);
  }

  private int decimal() throws PickleException {
    int length = reader.lineLength(LONGEST_NUMBER);
    String text = new String(reader.readBytes(length), StandardCharsets.ISO_8859_1);
    reader.skip(1);
    Object number = NumberText.integer(text);
    if (number instanceof Long value && value >= 0 && value >> Integer.SIZE == 0) {
      return value.intValue();
    }
    throw new PickleException(text + " is not a number of the memo");
  }
}
