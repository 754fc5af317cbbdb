// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What comes of constructors that return another object for a state, or fail. */
@Tag("unit")
final class BuiltObjectsTest {

  /** Each state makes another string of a string. */
  private static final PickleConstructors REPLACING =
      new PickleConstructors() {
        @Override
        public Object global(String module, String name) throws PickleException {
          throw new PickleException(77, "it has a place of its own");
        }

        @Override
        public Object call(Object callable, PyTuple arguments) {
          return callable;
        }

        @Override
        public Object newObject(Object type, PyTuple arguments, PyDict keywords) {
          assertThat(keywords.items()).isEmpty();
          return type;
        }

        @Override
        public Object setState(Object object, Object state) {
          return object.toString() + state;
        }

        @Override
        public Object persistentLoad(Object id) throws PickleException {
          throw new PickleException("no " + id);
        }
      };

  private static String text(String pickle) throws PickleException {
    byte[] bytes = Pickles.bytes(pickle);
    return PyText.of(
        PickleMachine.load(
                Pickles.placed(bytes, 0, 0), 0, bytes.length, REPLACING, PickleLimits.DEFAULTS)
            .value());
  }

  @Test
  void theMemoHasWhatWasBuilt() throws PickleException {
    assertThat(text("U\1aq\0K\1bh\0\206.")).isEqualTo("(\"a1\", \"a1\")");
    assertThat(text("U\1aq\0K\1bK\2bh\0\206.")).isEqualTo("(\"a12\", \"a12\")");
    assertThat(text("U\1ar\0\1\0\0K\1bj\0\1\0\0\206.")).isEqualTo("(\"a1\", \"a1\")");
    // The state may be long, and remembered, too.
    assertThat(text("U\1aq\0]q\1(K\1K\2e0K\3q\2bh\0h\2\207.".replace("\207", "\206\206")))
        .isEqualTo("(\"a3\", (\"a3\", 3))");
  }

  @Test
  void anObjectFromTheMemoIsBuiltThere() throws PickleException {
    assertThat(text("U\1aq\0000h\0K\1bh\0\206.")).isEqualTo("(\"a1\", \"a1\")");
  }

  @Test
  void whatWasNotRememberedLeavesTheMemoAlone() throws PickleException {
    assertThat(text("U\1aq\0002K\1bh\0\207.")).isEqualTo("(\"a\", \"a1\", \"a\")");
    assertThat(text("U\1aq\0000U\1aK\1bh\0\206.")).isEqualTo("(\"a1\", \"a\")");
    // The number stands for something else by then.
    assertThat(text("U\1aq\0K\1q\0bh\0\206.")).isEqualTo("(\"a1\", 1)");
  }

  @Test
  void failuresGetAPositionIfTheyHaveNone() {
    assertThatThrownBy(() -> text("NK\1Q."))
        .isInstanceOf(PickleException.class)
        .hasMessage("BINPERSID: no 1")
        .hasFieldOrPropertyWithValue("position", 3L);
    assertThatThrownBy(() -> text("Ncm\nn\n."))
        .isInstanceOf(PickleException.class)
        .hasMessage("it has a place of its own")
        .hasFieldOrPropertyWithValue("position", 77L);
  }
}
