// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.ByteChunks;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is refused, with which words, and where. */
@Tag("unit")
final class PickleFaultsTest {

  private static void refuses(String pickle, int position, String message) {
    PickleException refusal = Pickles.refusal(pickle);
    assertThat(refusal).as("%s", pickle).hasMessage(message);
    assertThat(refusal.position()).isEqualTo(position);
  }

  @Test
  void ends() {
    refuses("", 0, "the pickle ends without STOP");
    refuses("NN0", 3, "the pickle ends without STOP");
    refuses("NX\5\0\0", 1, "BINUNICODE: the pickle ends 3 bytes on, 4 are to come");
    refuses("NK", 1, "BININT1: the pickle ends 0 bytes on, 1 are to come");
    refuses("NI12", 1, "INT: the pickle ends within its line");
    refuses("NN.", 2, "STOP: values or marks are left beside the result");
    refuses("(N.", 2, "STOP: values or marks are left beside the result");
  }

  @Test
  void lengthsBeyondTheEnd() {
    String huge = "\377\377\377\377";
    refuses("NX" + huge + ".", 1, "BINUNICODE: the pickle ends 1 bytes on, 4294967295 are to come");
    refuses("B" + huge, 0, "BINBYTES: the pickle ends 0 bytes on, 4294967295 are to come");
    for (Opcode opcode : new Opcode[] {Opcode.BINUNICODE8, Opcode.BINBYTES8, Opcode.BYTEARRAY8}) {
      refuses(
          (char) opcode.code() + huge + huge + "ab.",
          0,
          opcode + ": the pickle ends 3 bytes on, 18446744073709551615 are to come");
    }
    refuses("T" + huge, 0, "BINSTRING: its length is negative: -1");
    refuses("\213" + huge, 0, "LONG4: its length is negative: -1");
    refuses(
        "\213\377\377\377\177.", 0, "LONG4: the pickle ends 1 bytes on, 2147483647 are to come");
    refuses("\214\2a", 0, "SHORT_BINUNICODE: the pickle ends 1 bytes on, 2 are to come");
    refuses("\225\3\0\0\0\0\0\0\0N.", 0, "FRAME: the pickle ends 2 bytes on, 3 are to come");
    refuses(
        "\225" + huge + huge + "N.",
        0,
        "FRAME: the pickle ends 2 bytes on, 18446744073709551615 are to come");
  }

  @Test
  void framesThatDoNotFit() {
    String seven = "\0\0\0\0\0\0\0";
    refuses("\225\1" + seven + "K\1.", 9, "BININT1: it goes beyond its frame, which ends at 10");
    refuses(
        "\225\13" + seven + "\225\2" + seven + "N.",
        9,
        "FRAME: the frame before it ends only at 20");
    refuses("\225\3" + seven + "N.N", 10, "STOP: its frame ends only at 12");
  }

  @Test
  void protocolsToCome() {
    refuses("\200\6N.", 0, "PROTO: protocol 6 is not known; the latest is 5");
    refuses("\200\377N.", 0, "PROTO: protocol 255 is not known; the latest is 5");
  }

  @Test
  void wholeNumbers() {
    for (String text :
        new String[] {
          "", "-", "+", "007", "-01", "0x10", "1_0", " 1", "1 ", "1.0", "1e3", "\u00b2", "NaN", "1L"
        }) {
      refuses(
          "I" + text + "\n.",
          0,
          "INT: \"" + text.replace('\u00b2', '?') + "\" is not a whole number");
    }
    refuses("L1LL\n.", 0, "LONG: \"1L\" is not a whole number");
    refuses("LL\n.", 0, "LONG: \"\" is not a whole number");
    refuses("L01L\n.", 0, "LONG: \"01\" is not a whole number");
    refuses(
        "I" + "9".repeat(4301) + "\n.",
        0,
        "INT: a whole number of 4301 digits is longer than 4300 digits");
    refuses("I" + "9".repeat(9999) + "\n.", 0, "INT: its line is longer than 4301 bytes");
  }

  @Test
  void floats() {
    for (String text :
        new String[] {
          "",
          ".",
          "-",
          "e5",
          "1e",
          "1e+",
          "1.5f",
          "1d",
          "0x1p3",
          " 1",
          "1 ",
          "1_0.5",
          "Infinity",
          "--1",
          "1.2.3"
        }) {
      refuses("F" + text + "\n.", 0, "FLOAT: \"" + text + "\" is not a number");
    }
    refuses("F1e999\n.", 0, "FLOAT: \"1e999\" is too large");
    refuses("F" + "1".repeat(1001) + "\n.", 0, "FLOAT: its line is longer than 1000 bytes");
  }

  @Test
  void textThatIsNotUtf8() {
    String name = "SHORT_BINUNICODE: byte ";
    refuses("\214\3ab\377.", 0, name + "0xff, number 2 of the text, is not valid UTF-8");
    refuses("\214\2\303(.", 0, name + "0xc3, number 0 of the text, is not valid UTF-8");
    refuses("\214\2\300\200.", 0, name + "0xc0, number 0 of the text, is not valid UTF-8");
    refuses("\214\4\364\220\200\200.", 0, name + "0xf4, number 0 of the text, is not valid UTF-8");
    refuses("\214\3a\342\202.", 0, name + "0xe2, number 1 of the text, is not valid UTF-8");
    refuses(
        "\214\6\355\240\200\355\260\200.",
        0,
        name + "0xed, number 0 of the text, is not valid UTF-8");
    refuses("U\1\344.", 0, "SHORT_BINSTRING: byte 0xe4, number 0 of the text, is not valid UTF-8");
    refuses("c\344\nb\n.", 0, "GLOBAL: byte 0xe4, number 0 of the text, is not valid UTF-8");
    String late = "a".repeat(5000) + "\357\277\275" + "a".repeat(5000) + "\377";
    refuses(
        "X\24\47\0\0" + late + ".",
        0,
        "BINUNICODE: byte 0xff, number 10003 of the text, is not valid UTF-8");
  }

  @Test
  void escapes() {
    for (String text : new String[] {"", "'", "a", "'a\"", "a'", "'a' "}) {
      refuses("S" + text + "\n.", 0, "STRING: its text is not in quotes");
    }
    refuses("S'\\'\n.", 0, "STRING: its text ends with a backslash");
    refuses("S'\\x4'\n.", 0, "STRING: an escape lacks some of its 2 hexadecimal digits");
    refuses("S'\\xff'\n.", 0, "STRING: byte 0xff, number 0 of the text, is not valid UTF-8");
    refuses("V\\u12g4\n.", 0, "UNICODE: an escape lacks some of its 4 hexadecimal digits");
    refuses("V\\U0001F60\n.", 0, "UNICODE: an escape lacks some of its 8 hexadecimal digits");
    refuses("V\\ud800\n.", 0, "UNICODE: 0xd800 is not a character");
    refuses("V\\U00110000\n.", 0, "UNICODE: 0x110000 is not a character");
    refuses("V\\Uffffffff\n.", 0, "UNICODE: 0xffffffff is not a character");
  }

  @Test
  void containersOfAnotherType() {
    refuses("NNa.", 2, "APPEND: it needs a list, not None");
    refuses("}(e.", 2, "APPENDS: it needs a list, not a dict");
    refuses("]NNs.", 3, "SETITEM: it needs a dict, not a list");
    refuses("\217(NNu.", 4, "SETITEMS: it needs a dict, not a set");
    refuses(")(N\220.", 3, "ADDITEMS: it needs a set, not a tuple of length 0");
    refuses("(e", 1, "APPENDS: the stack is empty");
    refuses("}(Nu.", 3, "SETITEMS: the last of 1 keys and values has no value");
    refuses("(NNNd.", 4, "DICT: the last of 3 keys and values has no value");
  }

  @Test
  void keysThatHaveNoHash() {
    refuses("}]Ns.", 3, "SETITEM: a list cannot be a key or in a set");
    refuses("}(}Nu.", 4, "SETITEMS: a dict cannot be a key or in a set");
    refuses("(\217Nd.", 3, "DICT: a set cannot be a key or in a set");
    refuses("\217(K\1](t\220.", 7, "ADDITEMS: a list cannot be a key or in a set");
    refuses("(]\221.", 2, "FROZENSET: a list cannot be a key or in a set");
    refuses("(cm\nn\n\221.", 6, "FROZENSET: a Named cannot be a key or in a set");
    refuses("}K\1]\206Ns.", 6, "SETITEM: a list cannot be a key or in a set");
  }

  @Test
  void whatNamesAndCallsNeeds() {
    refuses("U\1aN\223.", 4, "STACK_GLOBAL: it needs two str, not str \"a\" and None");
    refuses("K\1U\1a\223.", 5, "STACK_GLOBAL: it needs two str, not 1 and str \"a\"");
    refuses("cm\nn\n]R.", 6, "REDUCE: its arguments must be a tuple, not a list");
    refuses("cm\nn\nN\201.", 6, "NEWOBJ: its arguments must be a tuple, not None");
    refuses("cm\nn\n))\222.", 7, "NEWOBJ_EX: its keywords must be a dict, not a tuple of length 0");
    refuses("cm\nn\n]}\222.", 7, "NEWOBJ_EX: its arguments must be a tuple, not a list");
    refuses("(o.", 1, "OBJ: there is no class above the mark");
    refuses("cm\n" + "n".repeat(1001) + "\n.", 0, "GLOBAL: its line is longer than 1000 bytes");
    refuses("P" + "n".repeat(1001) + "\n.", 0, "PERSID: its line is longer than 1000 bytes");
  }

  @Test
  void memoNumbers() {
    refuses("Np-1\n.", 1, "PUT: -1 is not a number of the memo");
    refuses("Npx\n.", 1, "PUT: \"x\" is not a whole number");
    refuses("Np4294967296\n.", 1, "PUT: 4294967296 is not a number of the memo");
    refuses("Np4294967295\n.", 1, "PUT: 4294967295 is too large a number");
    refuses("Np12345678901\n.", 1, "PUT: its line is longer than 10 bytes");
    refuses("Nr\0\0\0\200.", 1, "LONG_BINPUT: 2147483648 is too large a number");
    refuses("j\377\377\377\377.", 0, "LONG_BINGET: nothing was remembered as 4294967295");
    refuses("g3\n.", 0, "GET: nothing was remembered as 3");
  }

  @Test
  void whatConstructorsRefuse() {
    refuses("NN)R.", 3, "REDUCE: None cannot be called");
    refuses("K\1)\201.", 3, "NEWOBJ: 1 cannot be called");
    refuses("(U\1ao.", 4, "OBJ: str \"a\" cannot be called");
    refuses("]}b.", 2, "BUILD: a list takes no state");
    String long1 = "\212\11" + "\1".repeat(9);
    refuses("(" + long1 + "No.", 13, "OBJ: an int of 65 bits cannot be called");
    refuses("(C\2abNo.", 6, "OBJ: bytes of length 2 cannot be called");
    refuses("(U\6a\tb\303\244\0No.", 10, "OBJ: str \"a?b??\" cannot be called");
  }

  @Test
  void aPositionCountsFromTheFirstByte() {
    byte[] pickle = Pickles.bytes("NX\5\0\0\0abc");
    long from = ByteChunks.CHUNK_SIZE - 4L;
    ByteChunks bytes = Pickles.placed(pickle, from, 100);
    try {
      PickleMachine.load(
          bytes, from, from + pickle.length, new RecordingConstructors(), PickleLimits.DEFAULTS);
      throw new AssertionError("It was taken");
    } catch (PickleException e) {
      assertThat(e).hasMessage("BINUNICODE: the pickle ends 3 bytes on, 5 are to come");
      assertThat(e.position()).isEqualTo(from + 1);
    }
  }
}
