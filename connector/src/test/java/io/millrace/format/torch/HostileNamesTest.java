// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.CorruptObjectException;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every way in which a pickle can name something, and do something with what it named: refused with
 * the name, whatever stands around it.
 */
@Tag("unit")
class HostileNamesTest {

  private static final String SYSTEM = "cos\nsystem\n";
  private static final String NOT_LISTED = ", which is not among the constructors that a torch";

  private static CorruptObjectException refused(String pickle) {
    ZipWriter zip = new ZipWriter();
    zip.add("archive/data.pkl", pickle.getBytes(ISO_8859_1));
    return TorchSets.refusal(zip.bytes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SYSTEM + ".",
        "\200\002" + SYSTEM + "X\4\0\0\0exit\205R.",
        "\200\004\214\2os\214\6system\223\214\4exit\205R.",
        "U\2osU\6system\223.",
        "S'os'\nS'system'\n\223.",
        "Vos\nVsystem\n\223.",
        "Vos\nq\0000Vsystem\nq\0010h\0h\1\223.",
        "(S'exit'\nios\nsystem\n.",
        "(ios\nsystem\n.",
        "(" + SYSTEM + "S'exit'\no.",
        SYSTEM + ")\201.",
        SYSTEM + ")}\222.",
        "]" + SYSTEM + "b.",
        "}" + SYSTEM + "Ns.",
        "}(U\1a" + SYSTEM + "u.",
        "(" + SYSTEM + "0N.",
        SYSTEM + "0N.",
        "N" + SYSTEM + "0.",
        "(" + SYSTEM + "1N.",
        SYSTEM + "Q."
      })
  void anyOpcodeThatNamesSomethingIsRefused(String pickle) {
    assertThat(refused(pickle))
        .hasMessageContaining(": it names os.system" + NOT_LISTED)
        .hasMessageMatching(".* in the pickle: (GLOBAL|STACK_GLOBAL|INST): .*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "builtins list.__class__",
        "builtins list.append.__self__",
        "builtins __import__",
        "builtins eval",
        "__builtin__ apply",
        "torch os.system",
        "torch.os system",
        "torch._utils __builtins__",
        "torch.serialization load",
        "torch.jit load",
        "torch.utils.cpp_extension load",
        "numpy f2py.compile",
        "numpy.testing._private.utils runstring",
        "collections OrderedDict.fromkeys",
        "functools partial",
        "operator attrgetter",
        "importlib import_module",
        "pickle loads",
        "copyreg add_extension",
        "io.millrace.format.torch TorchFile",
        "java.lang Runtime",
        " os",
        "os ",
        " "
      })
  void noNameLeadsAround(String name) {
    String[] parts = name.split(" ", -1);
    String message = "it names " + parts[0] + "." + parts[1] + NOT_LISTED;
    assertThat(refused("c" + parts[0] + "\n" + parts[1] + "\n."))
        .hasMessageContaining("in the pickle: GLOBAL: " + message);
    assertThat(refused("V" + parts[0] + "\nV" + parts[1] + "\n\223."))
        .hasMessageContaining("in the pickle: STACK_GLOBAL: " + message);
  }

  @Test
  void theExtensionRegistryIsRefused() {
    assertThat(refused("\202\1.")).hasMessageContaining("EXT1: code 1 of the extension registry");
    assertThat(refused("\203\1\1.")).hasMessageContaining("EXT2: code 257 of the extension regi");
    assertThat(refused("\204\1\0\0\200.")).hasMessageContaining("EXT4: code -2147483647 of the");
    assertThat(refused("\227.")).hasMessageContaining("NEXT_BUFFER: buffers outside of the pick");
    assertThat(refused("]\230.")).hasMessageContaining("READONLY_BUFFER: buffers outside of the");
  }

  @Test
  void whatIsListedDoesOnlyWhatItsFileNeeds() {
    String dtype = "ctorch\nfloat32\n";
    assertThat(refused(dtype + ")R.")).hasMessageContaining("REDUCE: torch.float32 may be named");
    assertThat(refused("(" + dtype + "o.")).hasMessageContaining("OBJ: torch.float32 may be named");
    assertThat(refused("(itorch\nfloat32\n.")).hasMessageContaining("INST: torch.float32 may be");
    assertThat(refused(dtype + ")\201.")).hasMessageContaining("NEWOBJ: torch.float32 may be nam");
    assertThat(refused(dtype + ")}\222.")).hasMessageContaining("NEWOBJ_EX: torch.float32 may be");
    assertThat(refused(dtype + "}b.")).hasMessageContaining("BUILD: torch.float32 is given a stat");
    assertThat(refused("U\6system)R.")).hasMessageContaining("REDUCE: a str cannot be called");
    assertThat(refused("](Nb.")).hasMessageContaining("BUILD: there is nothing above the mark");
    assertThat(refused("]Nb.")).hasMessageContaining("BUILD: a list is given a state that its cl");
    assertThat(refused("K\1}U\10__dict__}sb.")).hasMessageContaining("BUILD: an int is given a");
    String list = "ccollections\nOrderedDict\n";
    assertThat(refused(list + ")}U\4self" + list + "s\222."))
        .hasMessageContaining("NEWOBJ_EX: collections.OrderedDict is made with arguments");
    assertThat(refused(list + "}b.")).hasMessageContaining("BUILD: collections.OrderedDict is giv");
    assertThat(refused("ccollections\ndefaultdict\n" + "ctorch\nSize\n\205R."))
        .hasMessageContaining("where it takes a type of Python's own");
  }

  @Test
  void whatIsListedIsNotMadeByNamingIt() throws IOException {
    ZipWriter zip = new ZipWriter();
    zip.add("archive/data.pkl", "ctorch.storage\n_UntypedStorage\n.".getBytes(ISO_8859_1));
    assertThat(TorchSets.open(zip.bytes()))
        .isEqualTo(new TorchConstant("torch.storage._UntypedStorage"));
  }
}
