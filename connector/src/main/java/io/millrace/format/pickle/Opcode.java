// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import org.jspecify.annotations.Nullable;

/** The opcodes of protocols 0 to 5, by the names that Python's {@code pickletools} gives them. */
enum Opcode {
  PROTO(0x80, Family.CONTROL),
  FRAME(0x95, Family.CONTROL),
  STOP('.', Family.CONTROL),
  EXT1(0x82, Family.CONTROL),
  EXT2(0x83, Family.CONTROL),
  EXT4(0x84, Family.CONTROL),
  NEXT_BUFFER(0x97, Family.CONTROL),
  READONLY_BUFFER(0x98, Family.CONTROL),

  NONE('N', Family.NUMBER),
  NEWTRUE(0x88, Family.NUMBER),
  NEWFALSE(0x89, Family.NUMBER),
  INT('I', Family.NUMBER),
  BININT('J', Family.NUMBER),
  BININT1('K', Family.NUMBER),
  BININT2('M', Family.NUMBER),
  LONG('L', Family.NUMBER),
  LONG1(0x8a, Family.NUMBER),
  LONG4(0x8b, Family.NUMBER),
  FLOAT('F', Family.NUMBER),
  BINFLOAT('G', Family.NUMBER),

  STRING('S', Family.TEXT),
  BINSTRING('T', Family.TEXT),
  SHORT_BINSTRING('U', Family.TEXT),
  BINBYTES('B', Family.TEXT),
  SHORT_BINBYTES('C', Family.TEXT),
  BINBYTES8(0x8e, Family.TEXT),
  BYTEARRAY8(0x96, Family.TEXT),
  UNICODE('V', Family.TEXT),
  SHORT_BINUNICODE(0x8c, Family.TEXT),
  BINUNICODE('X', Family.TEXT),
  BINUNICODE8(0x8d, Family.TEXT),

  EMPTY_LIST(']', Family.CONTAINER),
  APPEND('a', Family.CONTAINER),
  APPENDS('e', Family.CONTAINER),
  LIST('l', Family.CONTAINER),
  EMPTY_TUPLE(')', Family.CONTAINER),
  TUPLE('t', Family.CONTAINER),
  TUPLE1(0x85, Family.CONTAINER),
  TUPLE2(0x86, Family.CONTAINER),
  TUPLE3(0x87, Family.CONTAINER),
  EMPTY_DICT('}', Family.CONTAINER),
  DICT('d', Family.CONTAINER),
  SETITEM('s', Family.CONTAINER),
  SETITEMS('u', Family.CONTAINER),
  EMPTY_SET(0x8f, Family.CONTAINER),
  ADDITEMS(0x90, Family.CONTAINER),
  FROZENSET(0x91, Family.CONTAINER),

  POP('0', Family.STACK),
  DUP('2', Family.STACK),
  MARK('(', Family.STACK),
  POP_MARK('1', Family.STACK),
  GET('g', Family.STACK),
  BINGET('h', Family.STACK),
  LONG_BINGET('j', Family.STACK),
  PUT('p', Family.STACK),
  BINPUT('q', Family.STACK),
  LONG_BINPUT('r', Family.STACK),
  MEMOIZE(0x94, Family.STACK),

  GLOBAL('c', Family.OBJECT),
  STACK_GLOBAL(0x93, Family.OBJECT),
  REDUCE('R', Family.OBJECT),
  BUILD('b', Family.OBJECT),
  INST('i', Family.OBJECT),
  OBJ('o', Family.OBJECT),
  NEWOBJ(0x81, Family.OBJECT),
  NEWOBJ_EX(0x92, Family.OBJECT),
  PERSID('P', Family.OBJECT),
  BINPERSID('Q', Family.OBJECT);

  /** Who executes an opcode. */
  enum Family {
    CONTROL,
    NUMBER,
    TEXT,
    CONTAINER,
    STACK,
    OBJECT
  }

  private static final @Nullable Opcode[] BY_CODE = new Opcode[256];

  static {
    for (Opcode opcode : values()) {
      BY_CODE[opcode.code] = opcode;
    }
  }

  private final int code;
  private final Family family;

  Opcode(int code, Family family) {
    this.code = code;
    this.family = family;
  }

  /** What a byte (0 to 255) stands for, or null. */
  static @Nullable Opcode of(int code) {
    return BY_CODE[code];
  }

  int code() {
    return code;
  }

  Family family() {
    return family;
  }
}
