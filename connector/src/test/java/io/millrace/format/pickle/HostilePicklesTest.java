// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.millrace.storage.ByteChunks;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pickles that want the machine to use more memory or time than they are worth. */
@Timeout(20)
@Tag("unit")
final class HostilePicklesTest {

  /** What a thread may allocate for a pickle of no bytes. */
  static final long ALWAYS = 16 * 1024;

  /** What it may allocate for each byte of a pickle. */
  static final long PER_BYTE = 64;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static String repeated(int times, IntFunction<String> part) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < times; i++) {
      text.append(part.apply(i));
    }
    return text.toString();
  }

  private static void refuses(String pickle, String message) {
    byte[] bytes = Pickles.bytes(pickle);
    assertThat(Pickles.refusal(bytes, PickleLimits.DEFAULTS)).hasMessage(message);
    assertThat(allocated(bytes, PickleLimits.DEFAULTS))
        .isLessThan(ALWAYS + PER_BYTE * bytes.length);
  }

  private static String int4(int value) {
    byte[] bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
    return new String(bytes, ISO_8859_1);
  }

  /** What this thread allocates for a pickle, when the classes that it needs are there. */
  static long allocated(byte[] pickle, PickleLimits limits) {
    ByteChunks chunks = Pickles.placed(pickle, 0, 0);
    long first = allocated(chunks, limits);
    return Math.min(first, allocated(chunks, limits));
  }

  private static long allocated(ByteChunks pickle, PickleLimits limits) {
    PickleConstructors constructors = new RecordingConstructors();
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      PickleMachine.load(pickle, 0, pickle.length(), constructors, limits);
    } catch (PickleException e) {
      // what it cost is asked for
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void deepNestingCostsLittle() {
    String deep = "]".repeat(200_000) + "a".repeat(199_999) + ".";
    refuses(deep, "EMPTY_LIST: the stack would hold more than 10000 values");
    assertThat(allocated(Pickles.bytes(deep), PickleLimits.DEFAULTS)).isLessThan(300_000);
    refuses("(".repeat(200_000), "MARK: there would be more than 1000 marks");
    refuses("]\224".repeat(100_000), "EMPTY_LIST: the stack would hold more than 10000 values");
    refuses(
        "(".repeat(999) + "N".repeat(1_000_001),
        "NONE: the stack would hold more than 1000000 values");
    refuses(
        "(" + "N".repeat(20_000) + "t" + "]".repeat(10_000),
        "EMPTY_LIST: the stack would hold more than 10000 values");
  }

  @Test
  void deepNestingThatFitsIsReadWithoutRecursion() throws PickleException {
    Object value = Pickles.load(Pickles.bytes("]".repeat(10_000) + "a".repeat(9_999) + "."));
    for (int depth = 1; depth < 10_000; depth++) {
      value = ((PyList) value).items().get(0);
    }
    assertThat(((PyList) value).items()).isEmpty();
    value = Pickles.load(Pickles.bytes(")" + "\205".repeat(1_000_000) + "."));
    assertThat(((PyTuple) value).size()).isEqualTo(1);
  }

  @Test
  void whatIsWrittenAtOnceMayBeLong() throws PickleException {
    PyTuple tuple = (PyTuple) Pickles.load(Pickles.bytes("(" + "N".repeat(999_999) + "t."));
    assertThat(tuple.size()).isEqualTo(999_999);
    String numbers = repeated(20_000, i -> "J" + int4(i));
    PySet set = (PySet) Pickles.load(Pickles.bytes("(" + numbers + "\221."));
    assertThat(set.items()).hasSize(20_000);
  }

  @Test
  void valuesAndMemoAreBounded() {
    PickleLimits limits = new PickleLimits(1000, 1000, 10, 20, 100, 50);
    assertThat(Pickles.refusal(Pickles.bytes("N0".repeat(101)), limits))
        .hasMessage("NONE: there are more than 100 values");
    assertThat(Pickles.refusal(Pickles.bytes("N" + "\224".repeat(51)), limits))
        .hasMessage("MEMOIZE: more than 50 values would be remembered");
    assertThat(Pickles.refusal(Pickles.bytes("N" + repeated(51, i -> "r" + int4(i << 20))), limits))
        .hasMessage("LONG_BINPUT: more than 50 values would be remembered");
    assertThat(Pickles.refusal(Pickles.bytes("I" + "1".repeat(21) + "\n."), limits))
        .hasMessage("INT: a whole number of 21 digits is longer than 20 digits");
    assertThat(Pickles.refusal(Pickles.bytes("\212\20" + "1".repeat(16) + "."), limits))
        .hasMessage("LONG1: a whole number of 16 bytes is longer than 20 digits");
  }

  @Test
  void memoNumbersSizeNothing() throws PickleException {
    String far = "Nr\377\377\377\177r\376\377\377\177q\377q\177p999999999\n.";
    assertThat(Pickles.text(far)).isEqualTo("None");
    assertThat(allocated(Pickles.bytes(far), PickleLimits.DEFAULTS)).isLessThan(ALWAYS);
  }

  @Test
  void memoNumbersMayComeInAnyOrder() throws PickleException {
    // Backwards, so that what was far off becomes near.
    String puts = "]" + repeated(3000, i -> "r" + int4(3000 - i));
    String gets = "(j" + int4(1) + "j" + int4(3000) + "j" + int4(1500) + "t.";
    assertThat(Pickles.text(puts + "0" + gets)).isEqualTo("([], *0, *0)");
    // All of 1 to 3000 are in use: MEMOIZE takes the count, as Python's does.
    String last = "(j" + int4(3000) + "j" + int4(2999) + "t.";
    assertThat(Pickles.text(puts + "0K\7\2240" + last)).isEqualTo("(7, [])");
    assertThat(Pickles.refusal(puts + "j" + int4(3001)))
        .hasMessage("LONG_BINGET: nothing was remembered as 3001");
  }

  @Test
  void billionLaughsAreSharedAndNoKeys() throws PickleException {
    StringBuilder laughs = new StringBuilder("U\3lolq").append((char) 0).append('0');
    for (int level = 0; level < 40; level++) {
      laughs.append('(').append(("h" + (char) level).repeat(10));
      laughs.append("tq").append((char) (level + 1)).append('0');
    }
    laughs.append('h').append((char) 40);
    assertThat(Pickles.load(Pickles.bytes(laughs + "."))).isInstanceOf(PyTuple.class);
    refuses("}" + laughs + "Ns.", "SETITEM: a key with a tuple of length 10 is too deep");
    refuses(
        "}(" + "N".repeat(65) + "tNs.", "SETITEM: a key with a tuple of length 65 is too large");
    refuses(
        "})" + "\205".repeat(1000) + "Ns.", "SETITEM: a key with a tuple of length 1 is too deep");
  }

  @Test
  void keysThatAreLongAreRefused() {
    String text = "X" + int4(70_000) + "k".repeat(70_000);
    refuses(
        "}" + text + "Ns.", "SETITEM: a key with str \"" + "k".repeat(60) + "...\" is too large");
    String bytes = "B" + int4(5_000) + "k".repeat(5_000);
    refuses("\217(" + bytes + "\220.", "ADDITEMS: a key with bytes of length 5000 is too large");
  }

  @Test
  void longStringsInTuplesAreNoKeys() {
    // such tuples can share a hash while their strings are equal, and are then compared to the end
    String text = "X" + int4(4_097) + "k".repeat(4_097);
    refuses(
        "}" + text + "K\1\206Ns.",
        "SETITEM: a key with str \"" + "k".repeat(60) + "...\" is too large");
    String shorter = "X" + int4(4_000) + "k".repeat(4_000);
    String keys = repeated(250, i -> shorter + "\212\10" + int4(i) + int4(i) + "\206N");
    refuses("}(" + keys + "u.", "SETITEMS: more than 32 keys have the hash of a tuple of length 2");
  }

  @Test
  void keysOfOneHashAreRefused() {
    String texts = repeated(5000, i -> "(U\34" + combination(14, i) + "Nu");
    refuses(
        "}" + texts + ".",
        "SETITEMS: more than 32 keys have the hash of str \"" + combination(14, 32) + "\"");
    String bytes = repeated(4000, i -> "(C\30" + combination(12, i) + "\220");
    refuses(
        "\217" + bytes + ".", "ADDITEMS: more than 32 keys have the hash of bytes of length 24");
  }

  /** "Aa" and "BB" have one hash, and so have all their combinations of one length. */
  private static String combination(int pairs, int number) {
    return repeated(pairs, bit -> (number >> bit & 1) == 0 ? "Aa" : "BB");
  }

  @Test
  void manyKeysOfOtherHashesAreTaken() throws PickleException {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.writeBytes(Pickles.bytes("\217"));
    for (int i = 0; i < 100_000; i++) {
      pickle.writeBytes(Pickles.bytes("(G"));
      pickle.writeBytes(ByteBuffer.allocate(8).putDouble(i).array());
      pickle.writeBytes(Pickles.bytes("J" + int4(-i)));
      pickle.writeBytes(Pickles.bytes("\212\7\0\0\0" + int4(i)));
      pickle.writeBytes(
          Pickles.bytes("K" + (char) (i & 0xff) + "M" + int4(i).substring(0, 2) + "\206"));
      pickle.writeBytes(Pickles.bytes("\220"));
    }
    pickle.writeBytes(Pickles.bytes("."));
    PySet set = (PySet) Pickles.load(pickle.toByteArray());
    assertThat(set.items()).hasSize(100_000 + 100_000 + 99_999 + 65_536);
  }

  @Test
  void eachOpcodeCostsLittleForEachByte() {
    for (String part :
        List.of(
            "]0",
            "}0",
            "\2170",
            "(l0",
            "(t0",
            "(d0",
            "(\2210",
            "N\2050",
            "}NNs0",
            "]Na0",
            "K\3770",
            "N\224\224\224\2240",
            "cm\nn\n0",
            "cm\nn\n)R0",
            "(im\nn\n0",
            "NQ0",
            "U\1a0",
            "C\0010",
            "F1\n0",
            "G\0\0\0\0\0\0\0\0000",
            "Va\n0",
            "\212\11aaaaaaaaa0",
            "(((111",
            "}(NNu0",
            "\217(N\2200",
            "(NNNt0",
            "NN\2060",
            "NNN\2070",
            "}q\1Nq\2h\1h\0020000")) {
      byte[] pickle = Pickles.bytes("N" + part.repeat(20_000) + ".");
      assertThat(allocated(pickle, PickleLimits.DEFAULTS))
          .as(part)
          .isLessThan(ALWAYS + PER_BYTE * pickle.length);
    }
  }
}
