// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.sample.DType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What torch writes since 2.0 and NumPy since 2.0, by hand: the tool for the tests is older. */
@Tag("unit")
class NewerWritersTest {

  private static final byte[] EIGHT = HexFormat.of().parseHex("0001020304050607");

  private static TensorValue open(ZipWriter zip) throws IOException {
    return (TensorValue) TorchSets.open(zip.bytes());
  }

  private static String hex(TensorValue tensor) {
    return HexFormat.of().formatHex(tensor.toBytes());
  }

  private static String refused(Object value, byte[]... storages) {
    return TorchSets.refusal(TorchLayouts.zip(value, storages)).getMessage();
  }

  private static Object shorts() {
    Object storage = Py.storage("torch.ShortStorage", "0", 4);
    return Py.tensor(storage, 0, Py.tuple(2, 2), Py.tuple(1, 2));
  }

  @Test
  void recordsOfVersion24AreRead() throws IOException {
    ZipWriter zip = new ZipWriter().large();
    zip.add("archive/data.pkl", Py.pickle(shorts()));
    zip.add("archive/.format_version", "1");
    zip.add("archive/.storage_alignment", "64");
    zip.add("archive/byteorder", "little");
    zip.add("archive/data/0", EIGHT);
    zip.add("archive/version", "3\n");
    zip.add("archive/.data/serialization_id", "0636457737946401051300000027264370000000");
    assertThat(hex(open(zip))).isEqualTo("0001040502030607");
  }

  @Test
  void storagesOfBigEndianMachinesAreTurnedAround() throws IOException {
    ZipWriter zip = TorchLayouts.archive(shorts(), EIGHT);
    zip.add("archive/byteorder", "big");
    assertThat(hex(open(zip))).isEqualTo("0100050403020706");
    ZipWriter untyped = TorchLayouts.archive(v3("uint32", 2), EIGHT);
    untyped.add("archive/byteorder", "big");
    assertThat(hex(open(untyped))).isEqualTo("0302010007060504");
  }

  private static Object v3(String dtype, long count) {
    return Py.call(
        "torch._utils._rebuild_tensor_v3",
        Py.storage("torch.storage.UntypedStorage", "0", 8),
        0,
        Py.tuple(count),
        Py.tuple(1),
        false,
        Py.noHooks(),
        Py.global("torch." + dtype));
  }

  @ParameterizedTest
  @CsvSource({
    "uint16, 4",
    "uint32, 2",
    "uint64, 1",
    "complex32, 2",
    "float8_e4m3fn, 8",
    "float8_e5m2, 8",
    "float8_e4m3fnuz, 8",
    "float8_e5m2fnuz, 8"
  })
  void dtypesWithoutAStorageTypeAreRead(String dtype, long count) throws IOException {
    TensorValue tensor = open(TorchLayouts.archive(v3(dtype, count), EIGHT));
    assertThat(tensor.dtype()).isEqualTo(DType.of(dtype));
    assertThat(tensor.toBytes()).isEqualTo(EIGHT);
    assertThat(refused(v3(dtype, count + 1), EIGHT))
        .endsWith("goes beyond its storage of " + count + " elements");
  }

  @ParameterizedTest
  @ValueSource(strings = {"float8_e8m0fnu", "float4_e2m1fn_x2", "uint3", "bits8", "qint8"})
  void dtypesOfNoWholeNumbersAreRefused(String dtype) {
    assertThat(refused(v3(dtype, 1), EIGHT))
        .endsWith("a tensor is of torch." + dtype + ": not supported");
  }

  @Test
  void aDtypeNeedsAStorageWithoutAType() {
    Object typed =
        Py.call(
            "torch._utils._rebuild_tensor_v3",
            Py.storage("torch.ShortStorage", "0", 4),
            0,
            Py.tuple(1),
            Py.tuple(1),
            false,
            Py.noHooks(),
            Py.global("torch.uint16"));
    assertThat(refused(typed, EIGHT)).endsWith("where it takes a storage without a type");
    assertThat(refused(v3("strided", 1), EIGHT)).endsWith("where it takes a dtype");
  }

  private static Object withMetadata(String storage, long count, Object metadata) {
    return Py.call(
        "torch._utils._rebuild_tensor_v2",
        Py.storage(storage, "0", count),
        0,
        Py.tuple(count),
        Py.tuple(1),
        false,
        Py.noHooks(),
        metadata);
  }

  @Test
  void bitsOfConjugationAndNegationAreResolved() throws IOException {
    byte[] complex = HexFormat.of().parseHex("0000803f00000040");
    String type = "torch.ComplexFloatStorage";
    assertThat(
            hex(open(TorchLayouts.archive(withMetadata(type, 1, Map.of("conj", true)), complex))))
        .isEqualTo("0000803f000000c0");
    assertThat(
            hex(
                open(
                    TorchLayouts.archive(
                        withMetadata(type, 1, Map.of("conj", false, "neg", true)), complex))))
        .isEqualTo("000080bf000000c0");
    assertThat(
            hex(
                open(
                    TorchLayouts.archive(
                        withMetadata("torch.FloatStorage", 2, Map.of("neg", true)), complex))))
        .isEqualTo("000080bf000000c0");
    assertThat(hex(open(TorchLayouts.archive(withMetadata(type, 1, null), complex))))
        .isEqualTo("0000803f00000040");
  }

  @Test
  void otherMetadataIsRefused() {
    byte[] bytes = new byte[8];
    assertThat(refused(withMetadata("torch.FloatStorage", 2, Map.of("conj", true)), bytes))
        .endsWith("a tensor of float32 cannot be conjugated");
    assertThat(refused(withMetadata("torch.BoolStorage", 8, Map.of("neg", true)), bytes))
        .endsWith("a tensor of bool cannot be negated");
    assertThat(refused(withMetadata("torch.FloatStorage", 2, Map.of("zero", true)), bytes))
        .endsWith("a tensor has the metadata zero: not supported");
    assertThat(refused(withMetadata("torch.FloatStorage", 2, Map.of("neg", 1)), bytes))
        .endsWith("where it takes a dict of the bits conj and neg");
    assertThat(refused(withMetadata("torch.FloatStorage", 2, List.of()), bytes))
        .endsWith("where it takes a dict of metadata");
  }

  private static Object dtype(String code, String order) {
    return Py.built(
        Py.call("numpy.dtype", code, false, true), Py.tuple(3, order, null, null, null, -1, -1, 0));
  }

  private static Object array(String core, Object dtype, Object shape, byte[] content) {
    Object empty =
        Py.call(
            core + ".multiarray._reconstruct",
            Py.global("numpy.ndarray"),
            Py.tuple(0),
            new byte[] {'b'});
    return Py.built(empty, Py.tuple(1, shape, dtype, false, content));
  }

  @Test
  void arraysOfNumpy2AreRead() throws IOException {
    Object shape = Py.tuple(2, 2);
    for (String core : List.of("numpy.core", "numpy._core")) {
      assertThat(hex(open(TorchLayouts.archive(array(core, dtype("i2", "<"), shape, EIGHT)))))
          .isEqualTo("0001020304050607");
      assertThat(hex(open(TorchLayouts.archive(array(core, dtype("i2", ">"), shape, EIGHT)))))
          .isEqualTo("0100030205040706");
      Object fortran = Py.call(core + ".numeric._frombuffer", EIGHT, dtype("i2", "<"), shape, "F");
      assertThat(hex(open(TorchLayouts.archive(fortran)))).isEqualTo("0001040502030607");
      Object scalar = Py.call(core + ".multiarray.scalar", dtype("i2", ">"), new byte[] {1, 2});
      assertThat(TorchSets.open(TorchLayouts.zip(scalar)))
          .isEqualTo(new NumpyScalar(DType.INT16, 258L));
    }
  }

  private static Object permuted(Object shape, Object... rest) {
    List<Object> arguments = new ArrayList<>(List.of(EIGHT, dtype("i2", "<"), shape));
    arguments.addAll(Arrays.asList(rest));
    return Py.call("numpy._core.numeric._frombuffer", arguments.toArray());
  }

  @Test
  void arraysOfPermutedDimensionsAreRead() throws IOException {
    Object shape = Py.tuple(2, 1, 2);
    TensorValue array = open(TorchLayouts.archive(permuted(shape, "K", Py.tuple(1, 2, 0))));
    assertThat(array.shape()).containsExactly(1, 2, 2);
    assertThat(hex(array)).isEqualTo("0001040502030607");
    assertThat(hex(open(TorchLayouts.archive(permuted(shape, "C", null)))))
        .isEqualTo("0001020304050607");
    for (Object axes :
        List.of(Py.tuple(0, 1), Py.tuple(0, 1, 1), Py.tuple(0, 1, 3), Py.tuple(0, 1, -1))) {
      assertThat(refused(permuted(shape, "K", axes)))
          .endsWith("as value 5 where it takes its dimensions in any order");
    }
    assertThat(refused(permuted(Py.tuple(), "K", Py.tuple()))).endsWith("of 2 bytes has 8");
    assertThat(refused(permuted(Py.tuple(3, 1), "K", Py.tuple(1, 0)))).endsWith("of 6 bytes has 8");
    assertThat(refused(permuted(shape, "K", 0))).endsWith("where it takes a tuple");
    assertThat(refused(permuted(shape, "K"))).endsWith("where it takes an order of dimensions");
    assertThat(refused(permuted(shape, "C", Py.tuple(0, 1, 2)))).endsWith("where it takes None");
  }

  @ParameterizedTest
  @CsvSource({
    "O8, Python objects",
    "V4, structures or raw memory",
    "U1, text",
    "S7, text",
    "M8, dates or times",
    "f16, floats of another size",
    "x, no numbers"
  })
  void arraysOfAnythingButNumbersAreRefused(String code, String kind) {
    assertThat(refused(array("numpy.core", dtype(code, "|"), Py.tuple(1), EIGHT)))
        .endsWith("numpy.dtype('" + code + "') is of " + kind + ": not supported");
  }

  @Test
  void arraysThatAreNotWholeAreRefused() {
    assertThat(refused(array("numpy.core", dtype("i2", "<"), Py.tuple(3), EIGHT)))
        .endsWith("a numpy.ndarray of 6 bytes has 8");
    assertThat(refused(array("numpy.core", dtype("i2", "<"), Py.tuple(5), EIGHT)))
        .endsWith("goes beyond its storage of 4 elements");
    assertThat(refused(array("numpy.core", dtype("i2", "<"), Py.tuple(-1), EIGHT)))
        .endsWith("must not have negative numbers");
    assertThat(refused(array("numpy.core", "i2", Py.tuple(4), EIGHT)))
        .contains("the state of a numpy.ndarray is passed a str as value 3");
    assertThat(refused(Py.call("numpy.core.multiarray.scalar", dtype("i2", "<"), EIGHT)))
        .endsWith("a number of numpy.dtype('<i2') has 8 bytes");
    assertThat(refused(dtype("i2", "|"))).endsWith("where it takes a byte order");
    assertThat(refused(dtype("i2", "="))).endsWith("where it takes a byte order");
    Object aligned = Py.call("numpy.dtype", "i2", true, true);
    assertThat(refused(aligned)).endsWith("numpy.dtype('i2') is an aligned structure");
    Object structure =
        Py.built(
            Py.call("numpy.dtype", "i2"),
            Py.tuple(3, "<", null, Py.tuple("a"), Map.of(), 2, 1, 16));
    assertThat(refused(structure)).endsWith("makes it a structure or subarray: not supported");
    Object matrix =
        Py.call(
            "numpy.core.multiarray._reconstruct",
            Py.global("torch.Tensor"),
            Py.tuple(0),
            new byte[] {'b'});
    assertThat(refused(matrix)).endsWith("where it takes numpy.ndarray");
  }

  @Test
  void anArrayThatIsNeverBuiltIsEmpty() throws IOException {
    Object empty =
        Py.call(
            "numpy.core.multiarray._reconstruct",
            Py.global("numpy.ndarray"),
            Py.tuple(0),
            new byte[] {'b'});
    TensorValue array = open(TorchLayouts.archive(empty));
    assertThat(array.shape()).containsExactly(0);
    assertThat(array.toBytes()).isEmpty();
  }

  private static Object device(Object data, String dtype) {
    return Py.call(
        "torch._utils._rebuild_device_tensor_from_numpy",
        data,
        Py.global("torch." + dtype),
        "xla:0",
        false);
  }

  @Test
  void tensorsOfOtherDevicesAreMadeOfArrays() throws IOException {
    byte[] floats = HexFormat.of().parseHex("0000803f000000c0");
    Object little = array("numpy.core", dtype("f4", "<"), Py.tuple(2), floats);
    assertThat(hex(open(TorchLayouts.archive(device(little, "float32")))))
        .isEqualTo("0000803f000000c0");
    TensorValue halves = open(TorchLayouts.archive(device(little, "bfloat16")));
    assertThat(halves.dtype()).isEqualTo(DType.BFLOAT16);
    assertThat(hex(halves)).isEqualTo("803f00c0");
    byte[] turned = HexFormat.of().parseHex("3f800000c0000000");
    Object big = array("numpy.core", dtype("f4", ">"), Py.tuple(2), turned);
    assertThat(hex(open(TorchLayouts.archive(device(big, "bfloat16"))))).isEqualTo("803f00c0");
    byte[] finer = HexFormat.of().parseHex("0000803f000100c0");
    Object other = array("numpy.core", dtype("f4", "<"), Py.tuple(2), finer);
    assertThat(refused(device(other, "bfloat16")))
        .endsWith("element 1 of a tensor of float32 is no bfloat16");
    assertThat(refused(device(little, "float16")))
        .endsWith("a tensor of float16 is to be made of float32: not supported");
  }
}
