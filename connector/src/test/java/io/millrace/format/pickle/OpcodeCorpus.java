// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import static io.millrace.format.pickle.Opcode.*;

import java.util.List;
import java.util.stream.Stream;

/** Small pickles, written by hand, for each opcode. */
final class OpcodeCorpus {

  /**
   * A good pickle.
   *
   * @param opcode what it is there for
   * @param pickle its bytes, a character each
   * @param text its value, as {@link PyText} writes it
   */
  record Good(Opcode opcode, String pickle, String text) {}

  private OpcodeCorpus() {}

  static List<Good> all() {
    return Stream.of(control(), numbers(), texts(), containers(), moves(), objects())
        .flatMap(List::stream)
        .toList();
  }

  private static Good good(Opcode opcode, String pickle, String text) {
    return new Good(opcode, pickle, text);
  }

  private static List<Good> control() {
    return List.of(
        good(STOP, "N.", "None"),
        good(PROTO, "\200\000N.", "None"),
        good(PROTO, "\200\005N.", "None"),
        good(FRAME, "\200\004\225\2\0\0\0\0\0\0\0N.", "None"),
        good(FRAME, "\225\1\0\0\0\0\0\0\0N\225\1\0\0\0\0\0\0\0.", "None"),
        good(FRAME, "\225\0\0\0\0\0\0\0\0N.", "None"));
  }

  private static List<Good> numbers() {
    return List.of(
        good(NONE, "N.", "None"),
        good(NEWTRUE, "\210.", "True"),
        good(NEWFALSE, "\211.", "False"),
        good(INT, "I00\n.", "False"),
        good(INT, "I01\n.", "True"),
        good(INT, "I0\n.", "0"),
        good(INT, "I-12\n.", "-12"),
        good(INT, "I9223372036854775808\n.", "9223372036854775808"),
        good(BININT, "J\1\2\3\200.", "-2147286527"),
        good(BININT, "J\377\377\377\177.", "2147483647"),
        good(BININT1, "K\377.", "255"),
        good(BININT2, "M\377\376.", "65279"),
        good(LONG, "L0L\n.", "0"),
        good(LONG, "L-1L\n.", "-1"),
        good(LONG, "L123456789012345678901\n.", "123456789012345678901"),
        good(LONG, "L-9223372036854775808L\n.", "-9223372036854775808"),
        good(LONG1, "\212\0.", "0"),
        good(LONG1, "\212\1\377.", "-1"),
        good(LONG1, "\212\2\377\0.", "255"),
        good(LONG1, "\212\10\0\0\0\0\0\0\0\200.", "-9223372036854775808"),
        good(LONG1, "\212\11\0\0\0\0\0\0\0\200\0.", "9223372036854775808"),
        good(LONG1, "\212\11\1\0\0\0\0\0\0\0\0.", "1"),
        good(LONG1, "\212\12\0\0\0\0\0\0\0\0\0\377.", "-4722366482869645213696"),
        good(LONG4, "\213\0\0\0\0.", "0"),
        good(LONG4, "\213\3\0\0\0\0\0\200.", "-8388608"),
        good(FLOAT, "F1.5\n.", "f3ff8000000000000"),
        good(FLOAT, "F-.5e1\n.", "fc014000000000000"),
        good(FLOAT, "F2.\n.", "f4000000000000000"),
        good(FLOAT, "F-0E-7\n.", "f8000000000000000"),
        good(FLOAT, "F-inf\n.", "ffff0000000000000"),
        good(FLOAT, "Fnan\n.", "f7ff8000000000000"),
        good(BINFLOAT, "G\300\1\2\3\4\5\6\7.", "fc001020304050607"));
  }

  private static List<Good> texts() {
    return List.of(
        good(STRING, "S''\n.", "\"\""),
        good(STRING, "S'a\\'\\\\\\n\\x41\\101\\0\\q'\n.", "\"a'\\\\\\nAA\\u0000\\\\q\""),
        good(STRING, "S\"\\xc3\\xa4 \303\244\"\n.", "\"\\u00e4 \\u00e4\""),
        good(BINSTRING, "T\0\0\0\0.", "\"\""),
        good(BINSTRING, "T\3\0\0\0a\303\244.", "\"a\\u00e4\""),
        good(SHORT_BINSTRING, "U\2hi.", "\"hi\""),
        good(BINBYTES, "B\2\0\0\0\0\377.", "b00ff"),
        good(SHORT_BINBYTES, "C\0.", "b"),
        good(SHORT_BINBYTES, "C\1\200.", "b80"),
        good(BINBYTES8, "\216\1\0\0\0\0\0\0\0x.", "b78"),
        good(BYTEARRAY8, "\226\2\0\0\0\0\0\0\0xy.", "b7879"),
        good(UNICODE, "V\n.", "\"\""),
        good(
            UNICODE,
            "V\344\\u20ac\\U0001F600\\\\u\\x\\\n.",
            "\"\\u00e4\\u20ac\\ud83d\\ude00\\\\\\\\u\\\\x\\\\\""),
        good(SHORT_BINUNICODE, "\214\3\342\202\254.", "\"\\u20ac\""),
        good(SHORT_BINUNICODE, "\214\3\357\277\275.", "\"\\ufffd\""),
        good(BINUNICODE, "X\4\0\0\0\360\237\230\200.", "\"\\ud83d\\ude00\""),
        good(BINUNICODE8, "\215\1\0\0\0\0\0\0\0u.", "\"u\""));
  }

  private static List<Good> containers() {
    return List.of(
        good(EMPTY_LIST, "].", "[]"),
        good(APPEND, "]Na.", "[None]"),
        good(APPENDS, "](NK\1e.", "[None, 1]"),
        good(APPENDS, "](e.", "[]"),
        good(LIST, "(l.", "[]"),
        good(LIST, "(N(ll.", "[None, []]"),
        good(EMPTY_TUPLE, ").", "()"),
        good(TUPLE, "(t.", "()"),
        good(TUPLE, "(NK\1))t.", "(None, 1, (), ())"),
        good(TUPLE1, "N\205.", "(None)"),
        good(TUPLE2, "K\1K\2\206.", "(1, 2)"),
        good(TUPLE3, "K\1K\2K\3\207.", "(1, 2, 3)"),
        good(EMPTY_DICT, "}.", "{}"),
        good(DICT, "(d.", "{}"),
        good(DICT, "(K\2NK\1Nd.", "{2: None, 1: None}"),
        good(SETITEM, "}K\1Ns.", "{1: None}"),
        good(SETITEM, "}K\1NsK\2NsK\1)s.", "{1: (), 2: None}"),
        good(SETITEMS, "}(u.", "{}"),
        good(SETITEMS, "}(C\1aNN]u.", "{b61: None, None: []}"),
        good(EMPTY_SET, "\217.", "set{}"),
        good(ADDITEMS, "\217(K\1K\2K\1\220.", "set{1, 2}"),
        good(FROZENSET, "(\221.", "set{}"),
        good(FROZENSET, "(K\2K\1\221.", "set{1, 2}"));
  }

  private static List<Good> moves() {
    return List.of(
        good(POP, "NK\0010.", "None"),
        good(POP, "N(0.", "None"),
        good(DUP, "]2\206.", "([], *0)"),
        good(MARK, "((t(tt.", "((), ())"),
        good(POP_MARK, "N(K\1K\0021.", "None"),
        good(GET, "]p7\n0g7\n.", "[]"),
        good(BINGET, "]q\0h\0\206.", "([], *0)"),
        good(LONG_BINGET, "]q\3j\3\0\0\0a.", "[*0]"),
        good(PUT, "K\1p4294967\np0\n0g4294967\n.", "1"),
        good(BINPUT, "Nq\3770K\1q\3770h\377.", "1"),
        good(LONG_BINPUT, "Nr\377\377\377\1770j\377\377\377\177.", "None"),
        good(MEMOIZE, "N\2240K\1\2240h\1h\0\206.", "(1, None)"),
        good(MEMOIZE, "Nq\3770K\1\2240h\1h\377\206.", "(1, None)"));
  }

  private static List<Good> objects() {
    return List.of(
        good(GLOBAL, "cos\nsystem\n.", "<os system>"),
        good(GLOBAL, "c\303\244.b\n\n.", "<ä.b >"),
        good(STACK_GLOBAL, "U\2osU\6system\223.", "<os system>"),
        good(REDUCE, "cm\nn\n)R.", "call <m n>()"),
        good(REDUCE, "cm\nn\n(K\1]tR.", "call <m n>(1, [])"),
        good(BUILD, "cm\nn\n)R}b.", "call <m n>() state {}"),
        good(INST, "(im\nn\n.", "new <m n>()"),
        good(INST, "(K\1im\nn\n.", "call <m n>(1)"),
        good(OBJ, "(cm\nn\no.", "new <m n>()"),
        good(OBJ, "(cm\nn\nK\1K\2o.", "call <m n>(1, 2)"),
        good(NEWOBJ, "cm\nn\nK\1\205\201.", "new <m n>(1)"),
        good(NEWOBJ_EX, "cm\nn\n)}U\1kK\1s\222.", "new <m n>() k=1"),
        good(PERSID, "P12 a\n.", "persistent(\"12 a\")"),
        good(BINPERSID, "K\1Q.", "persistent(1)"));
  }
}
