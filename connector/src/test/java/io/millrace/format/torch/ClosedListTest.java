// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static io.millrace.format.torch.TorchSets.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.format.pickle.PyDict;
import io.millrace.format.pickle.PyList;
import io.millrace.format.pickle.PySet;
import io.millrace.format.pickle.PyTuple;
import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pickle may name and call, and what is refused. */
@Tag("unit")
class ClosedListTest {

  private static Object open(Object value) throws IOException {
    return TorchSets.open(TorchLayouts.zip(value));
  }

  private static String refused(Object value) {
    return refusal(TorchLayouts.zip(value)).getMessage();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "posix.system",
        "os.system",
        "builtins.eval",
        "builtins.getattr",
        "builtins.object",
        "__builtin__.exec",
        "torch.load",
        "torch.hub.load",
        "torch._utils._import_dotted_name",
        "torch.nn.modules.linear.Linear",
        "collections.Counter",
        "numpy.core.multiarray.fromfile",
        "io.millrace.format.torch.TorchFile",
        "a.b"
      })
  void anyOtherNameIsRefused(String name) {
    assertThat(refused(Map.of("x", Py.global(name))))
        .endsWith(
            "names " + name + ", which is not among the constructors that a torch file may name");
    assertThat(refused(Py.call(name, "x"))).contains("names " + name + ", which is not among");
  }

  @Test
  void aNameIsShownAsFarAsItCanBePrinted() {
    assertThat(refused(Py.global("a\u001b[31m." + "b".repeat(200))))
        .contains("names a?[31m." + "b".repeat(93) + "..., which is not among");
  }

  @Test
  void someNamesAreRefusedWithTheirReason() {
    assertThat(refused(Py.global("torch._utils._rebuild_meta_tensor_no_storage")))
        .endsWith(
            "names torch._utils._rebuild_meta_tensor_no_storage: meta tensors have no elements");
    assertThat(refused(Py.global("torch._utils._rebuild_nested_tensor")))
        .endsWith(": nested tensors are not supported");
    assertThat(refused(Py.global("torch._utils._rebuild_wrapper_subclass")))
        .endsWith(": tensors of other classes are not supported");
    assertThat(refused(Py.global("torch._utils._rebuild_xla_tensor")))
        .endsWith(": XLA tensors of old versions are not supported");
    assertThat(refused(Py.global("torch.storage._load_from_bytes")))
        .endsWith(": tensors that were pickled without torch.save are not supported");
    assertThat(refused(Py.call("builtins.slice", 1, 2, null)))
        .endsWith("names builtins.slice: slices are not supported");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "float16",
        "bfloat16",
        "float8_e4m3fn",
        "uint64",
        "complex32",
        "quint4x2",
        "int4",
        "channels_last",
        "per_channel_symmetric",
        "sparse_bsc",
        "Tensor",
        "FloatStorage"
      })
  void namesOfTorchAreValues(String name) throws IOException {
    assertThat(open(Py.global("torch." + name))).isEqualTo(new TorchConstant("torch." + name));
  }

  @Test
  void secondNamesAreTheFirst() throws IOException {
    assertThat(open(Py.global("torch.half"))).isEqualTo(new TorchConstant("torch.float16"));
    assertThat(open(Py.global("__builtin__.list"))).isEqualTo(new TorchConstant("builtins.list"));
    assertThat(open(Py.global("__builtin__.long"))).isEqualTo(new TorchConstant("builtins.int"));
    assertThat(open(Py.global("__builtin__.unicode"))).isEqualTo(new TorchConstant("builtins.str"));
    assertThat(open(Py.call("torch.serialization._get_layout", "torch.strided")))
        .isEqualTo(new TorchConstant("torch.strided"));
  }

  @Test
  void devicesAreTheirNames() throws IOException {
    assertThat(open(Py.call("torch.device", "cpu"))).isEqualTo(new TorchConstant("cpu"));
    assertThat(open(Py.call("torch.device", "cuda:3"))).isEqualTo(new TorchConstant("cuda:3"));
    assertThat(open(Py.call("torch.device", "cuda", 1))).isEqualTo(new TorchConstant("cuda:1"));
    assertThat(open(Py.call("torch.device", "xla", null))).isEqualTo(new TorchConstant("xla"));
    for (Object[] arguments :
        List.of(
            new Object[] {"builtins.list"},
            new Object[] {"cuda:x"},
            new Object[] {"cuda", -1},
            new Object[] {"cuda:1", 1})) {
      assertThat(refused(Py.call("torch.device", arguments))).contains("torch.device is passed ");
    }
  }

  @Test
  void whatIsNamedCannotBeCalledUnlessItIsAConstructor() {
    assertThat(refused(Py.call("torch.float16")))
        .endsWith("torch.float16 may be named, but not called");
    assertThat(refused(Py.call("torch.nn.parameter.Parameter", List.of())))
        .endsWith("torch.nn.parameter.Parameter may be named, but not called");
    assertThat(refused(Py.call("builtins.int", 3)))
        .endsWith("builtins.int may be named, but not called");
    assertThat(refused(Py.callOf(Py.call("torch.device", "cpu")))).endsWith("not called");
    assertThat(refused(Py.callOf("text"))).endsWith("a str cannot be called");
    assertThat(refused(Py.newObject("torch.nn.parameter.Parameter", 1)))
        .endsWith("is made with arguments that its class would not take");
  }

  @Test
  void containersAreMadeOfWhatTheyArePassed() throws IOException {
    assertThat(((PySet) open(Py.call("builtins.frozenset", List.of(1, 2)))).items())
        .containsExactly(1L, 2L);
    assertThat(((PyList) open(Py.call("builtins.list", Py.tuple(1, "x")))).items())
        .containsExactly(1L, "x");
    assertThat(open(Py.call("builtins.tuple", List.of(1)))).isEqualTo(new PyTuple(List.of(1L)));
    assertThat(open(Py.call("torch.Size", Py.tuple(1, 2)))).isEqualTo(new PyTuple(List.of(1L, 2L)));
    Object pairs = List.of(List.of("a", 1), Py.tuple("b", 2));
    assertThat(((PyDict) open(Py.call("collections.OrderedDict", pairs))).items())
        .isEqualTo(Map.of("a", 1L, "b", 2L));
    assertThat(((PyDict) open(Py.call("builtins.dict", Map.of("k", 1)))).items())
        .isEqualTo(Map.of("k", 1L));
    assertThat(((PyDict) open(Py.newObject("collections.OrderedDict"))).items()).isEmpty();
    assertThat(open(Py.call("builtins.bytearray", "\u00ff", "latin-1")))
        .isEqualTo(Bytes.wrap(new byte[] {-1}));
  }

  @Test
  void containersOfAnythingElseAreRefused() {
    assertThat(refused(Py.call("builtins.set", 3)))
        .endsWith(
            "builtins.set is passed an int as value 1 where it takes a list, a tuple or a set");
    assertThat(refused(Py.call("builtins.set", List.of(), 3)))
        .endsWith("builtins.set is passed 2 values where it takes 0 to 1");
    assertThat(refused(Py.call("collections.OrderedDict", List.of(List.of(1)))))
        .endsWith("where it takes pairs of a key and a value");
    assertThat(refused(Py.call("builtins.set", List.of(List.of())))).contains("list");
    assertThat(refused(Py.call("torch.Size", Py.tuple("1"))))
        .endsWith("where it takes a tuple of whole numbers");
    assertThat(refused(Py.call("builtins.bytes", 4_000_000_000L)))
        .endsWith("builtins.bytes is passed 1 values where it takes 0");
    assertThat(refused(Py.call("_codecs.encode", "x", "rot13")))
        .endsWith("where it takes the encoding latin1");
    assertThat(refused(Py.call("_codecs.encode", "\u0100", "latin1")))
        .endsWith("where it takes characters of latin1");
    assertThat(refused(Py.call("torch.serialization._get_layout", "torch.load")))
        .endsWith("torch.load is not a layout");
  }

  @Test
  void defaultFactoriesAreOneOfPythonsTypes() throws IOException {
    for (String factory :
        List.of(
            "builtins.list",
            "builtins.bool",
            "builtins.frozenset",
            "__builtin__.long",
            "__builtin__.unicode",
            "collections.OrderedDict",
            "collections.defaultdict")) {
      Object made = Py.call("collections.defaultdict", Py.global(factory));
      assertThat(((PyDict) open(made)).items()).isEmpty();
    }
    for (String other : List.of("builtins.long", "builtins.unicode")) {
      assertThat(refused(Py.global(other))).contains("names " + other + ", which is not among");
    }
    assertThat(refused(Py.call("collections.defaultdict", Py.global("torch.Size"))))
        .endsWith(
            "collections.defaultdict is passed torch.Size as value 1 where it takes a type of"
                + " Python's own");
  }

  @Test
  void aDictsAttributesAreDroppedAndOtherStatesRefused() throws IOException {
    Object dict = Py.built(Py.noHooks(), Map.of("_metadata", Map.of("version", 1)));
    assertThat(((PyDict) open(dict)).items()).isEmpty();
    String message = " is given a state that its class would not take";
    assertThat(refused(Py.built(List.of(), Map.of()))).endsWith("a list" + message);
    assertThat(refused(Py.built(Py.noHooks(), List.of()))).endsWith("a dict" + message);
    assertThat(refused(Py.built(Py.global("torch.Size"), Map.of())))
        .endsWith("torch.Size" + message);
  }

  @Test
  void complexNumbersAreTensorsWithoutDimensions() throws IOException {
    TensorValue value = (TensorValue) open(Py.call("builtins.complex", -0.0, 3));
    assertThat(value.dtype()).isEqualTo(DType.COMPLEX128);
    assertThat(value.shape()).isEmpty();
    assertThat(value.toBytes()).containsExactly(0, 0, 0, 0, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 8, 64);
  }

  @Test
  void callsThatCopyTheirArgumentsOverAndOverAreRefused() {
    // a list of a hundred values, then as many sets of it as the pickle has memo reads
    byte[] pickle = amplified("builtins\nset\n");
    ZipWriter zip = new ZipWriter();
    zip.add("a/data.pkl", pickle);
    assertThat(refusal(zip.bytes()))
        .hasMessageEndingWith(
            "its calls copy more than 4 times the " + pickle.length + " bytes of the pickle");
  }

  private static byte[] amplified(String name) {
    List<Integer> values = new ArrayList<>(Collections.nCopies(1000, 7));
    byte[] list = Py.pickle(values);
    StringBuilder calls = new StringBuilder();
    calls.append("q\1\u0085q\2c").append(name).append("q\3(");
    calls.append("h\3h\2R".repeat(500)).append("t.");
    byte[] end = calls.toString().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    byte[] all = java.util.Arrays.copyOf(list, list.length - 1 + end.length);
    System.arraycopy(end, 0, all, list.length - 1, end.length);
    return all;
  }
}
