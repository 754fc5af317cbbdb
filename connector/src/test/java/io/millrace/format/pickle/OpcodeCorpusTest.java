// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import static io.millrace.format.pickle.Opcode.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.format.pickle.OpcodeCorpus.Good;
import io.millrace.storage.ByteChunks;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each opcode: what it makes, and how it is refused in all that it needs and does not find. */
@Tag("unit")
final class OpcodeCorpusTest {

  private static final Set<Opcode> REFUSED =
      EnumSet.of(EXT1, EXT2, EXT4, NEXT_BUFFER, READONLY_BUFFER);

  /** Take a value from the stack, or look at it. */
  private static final Set<Opcode> NEEDS_VALUE =
      EnumSet.of(
          STOP,
          APPEND,
          TUPLE1,
          TUPLE2,
          TUPLE3,
          SETITEM,
          POP,
          DUP,
          PUT,
          BINPUT,
          LONG_BINPUT,
          MEMOIZE,
          STACK_GLOBAL,
          REDUCE,
          BUILD,
          NEWOBJ,
          NEWOBJ_EX,
          BINPERSID);

  private static final Set<Opcode> NEEDS_MARK =
      EnumSet.of(APPENDS, LIST, TUPLE, DICT, SETITEMS, ADDITEMS, FROZENSET, POP_MARK, INST, OBJ);

  private static final Set<Opcode> NEEDS_MEMO = EnumSet.of(GET, BINGET, LONG_BINGET);

  @Test
  void hasEachOpcode() {
    assertThat(Opcode.values()).hasSize(68);
    EnumSet<Opcode> good = EnumSet.noneOf(Opcode.class);
    for (Good each : OpcodeCorpus.all()) {
      assertThat(each.pickle()).contains(String.valueOf((char) each.opcode().code()));
      good.add(each.opcode());
    }
    assertThat(good).isEqualTo(EnumSet.complementOf(EnumSet.copyOf(REFUSED)));
  }

  @Test
  void makesWhatPythonMakes() throws PickleException {
    for (Good good : OpcodeCorpus.all()) {
      assertThat(Pickles.text(good.pickle())).as("%s", good).isEqualTo(good.text());
    }
  }

  @Test
  void readsOnePickleAfterTheOtherAcrossAllBorders() throws PickleException {
    for (Good good : OpcodeCorpus.all()) {
      byte[] pickle = Pickles.bytes(good.pickle());
      for (int before = 0; before <= pickle.length; before++) {
        long from = (long) ByteChunks.CHUNK_SIZE - before;
        ByteChunks bytes = Pickles.placed(pickle, from, 10);
        var loaded =
            PickleMachine.load(
                bytes, from, bytes.length(), new RecordingConstructors(), PickleLimits.DEFAULTS);
        assertThat(PyText.of(loaded.value())).as("%s", good).isEqualTo(good.text());
        assertThat(loaded.end()).isEqualTo(from + pickle.length);
      }
    }
  }

  @Test
  void refusesAllThatIsCut() {
    for (Good good : OpcodeCorpus.all()) {
      byte[] pickle = Pickles.bytes(good.pickle());
      for (int length = 0; length < pickle.length; length++) {
        PickleException refusal =
            Pickles.refusal(Arrays.copyOf(pickle, length), PickleLimits.DEFAULTS);
        assertThat(refusal)
            .as("%s cut to %s", good, length)
            .hasMessageContaining("the pickle ends");
        assertThat(refusal.position()).isBetween(0L, (long) length);
      }
    }
  }

  @Test
  void refusesAnEmptyStack() {
    for (Opcode opcode : NEEDS_VALUE) {
      for (String before : List.of("", "\200\002", "N0", "N(", "(N(")) {
        String pickle = before + opcodeWithArguments(opcode);
        if (opcode == POP && before.endsWith("(")) {
          continue; // takes the mark
        }
        PickleException refusal = Pickles.refusal(pickle);
        assertThat(refusal)
            .hasMessage(
                opcode
                    + ": "
                    + (before.endsWith("(")
                        ? "there is nothing above the mark"
                        : "the stack is empty"));
        assertThat(refusal.position()).isEqualTo(before.length());
      }
    }
  }

  @Test
  void refusesAMissingMark() {
    for (Opcode opcode : NEEDS_MARK) {
      for (String before : List.of("", "NNNN", "(1")) {
        PickleException refusal = Pickles.refusal(before + opcodeWithArguments(opcode));
        assertThat(refusal).hasMessage(opcode + ": there is no mark");
        assertThat(refusal.position()).isEqualTo(before.length());
      }
    }
  }

  @Test
  void refusesAMissingMemo() {
    for (Opcode opcode : NEEDS_MEMO) {
      for (String before : List.of("", "Nq\0r\377\377\377\177")) {
        PickleException refusal = Pickles.refusal(before + opcodeWithArguments(opcode));
        assertThat(refusal).hasMessage(opcode + ": nothing was remembered as 1");
        assertThat(refusal.position()).isEqualTo(before.length());
      }
    }
  }

  /** With what lies in the pickle itself. */
  private static String opcodeWithArguments(Opcode opcode) {
    return (char) opcode.code()
        + switch (opcode) {
          case INST -> "m\nn\n";
          case GET, PUT -> "1\n";
          case BINGET, BINPUT -> "\1";
          case LONG_BINGET, LONG_BINPUT -> "\1\0\0\0";
          default -> "";
        };
  }

  @Test
  void refusesWhatIsRefusedByDesign() {
    for (Opcode opcode : REFUSED) {
      assertThat(Pickles.refusal("N" + (char) opcode.code() + "\5\0\0\0."))
          .hasMessage(
              opcode
                  + (opcode.name().startsWith("EXT")
                      ? ": code 5 of the extension registry is refused"
                      : ": buffers outside of the pickle are refused"));
    }
  }

  @Test
  void refusesAllOtherBytes() {
    int unknown = 0;
    for (int code = 0; code < 256; code++) {
      if (Opcode.of(code) == null) {
        unknown++;
        PickleException refusal = Pickles.refusal("N" + (char) code);
        assertThat(refusal).hasMessage("0x%02x is not an opcode".formatted(code));
        assertThat(refusal.position()).isEqualTo(1);
      }
    }
    assertThat(unknown).isEqualTo(256 - 68);
  }
}
