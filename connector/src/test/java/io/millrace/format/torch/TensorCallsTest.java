// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.format.pickle.PyDict;
import io.millrace.format.pickle.PyList;
import io.millrace.sample.DType;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the functions make that a pickle calls for tensors, and what is wrong of their arguments.
 */
@Tag("unit")
class TensorCallsTest {

  private static final byte[] TEN = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  private static final Object BYTES = Py.storage("torch.ByteStorage", "0", 10);

  private static Object ten(Object... shapeAndStrides) {
    return Py.tensor(BYTES, 0, shapeAndStrides[0], shapeAndStrides[1]);
  }

  private static Object open(Object value, byte[]... storages) throws IOException {
    return TorchSets.open(TorchLayouts.zip(value, storages));
  }

  private static String refused(Object value, byte[]... storages) {
    return TorchSets.refusal(TorchLayouts.zip(value, storages)).getMessage();
  }

  private static String hex(Object tensor) {
    return HexFormat.of().formatHex(((TensorValue) tensor).toBytes());
  }

  // ---- views and storages

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "0; 11; 1",
        "1; 10; 1",
        "0; 2,5; 5,2",
        "10; 1; 1",
        "9223372036854775807; 1; 1",
        "1; 2; 9223372036854775807",
        "1; 3; 4611686018427387904",
        "1; 2,2,2; 3074457345618258603,3074457345618258603,3074457345618258603",
        "0; 1,1,2147483; 1,1,4294967296"
      })
  void aViewThatGoesBeyondItsStorageIsRefused(long offset, String shape, String strides) {
    Object tensor = Py.tensor(BYTES, offset, numbers(shape), numbers(strides));
    assertThat(refused(tensor, TEN))
        .endsWith(
            "a tensor of uint8["
                + shape
                + "], offset "
                + offset
                + " and strides ["
                + strides
                + "] goes beyond its storage of 10 elements");
  }

  private static Object numbers(String text) {
    return Py.tuple(
        Arrays.stream(text.split(",", -1)).map(number -> (Object) Long.valueOf(number)).toArray());
  }

  @Test
  void aViewMayReachTheLastElement() throws IOException {
    Object tensor = Py.tensor(BYTES, 1, Py.tuple(2, 3), Py.tuple(6, 1));
    assertThat(hex(open(tensor, TEN))).isEqualTo("010203070809");
    Object none = Py.tensor(BYTES, 99, Py.tuple(0, 1L << 40), Py.tuple(1, 1));
    assertThat(((TensorValue) open(none, TEN)).shape()).containsExactly(0, 1L << 40);
  }

  @Test
  void aViewMayRepeatElementsAsFarAsAnArrayCanHoldThem() throws IOException {
    long most = Integer.MAX_VALUE - 8;
    TensorValue tensor = (TensorValue) open(ten(Py.tuple(most), Py.tuple(0)), TEN);
    assertThat(tensor.byteSize()).isEqualTo(most);
    assertThat(refused(ten(Py.tuple(most + 1), Py.tuple(0)), TEN))
        .endsWith(
            "a tensor of uint8[2147483640] takes more than the 2147483639 bytes that an array can"
                + " hold");
    assertThat(refused(ten(Py.tuple(1L << 32, 1L << 32), Py.tuple(0, 0)), TEN))
        .endsWith("takes more than the 2147483639 bytes that an array can hold");
    assertThat(refused(ten(Py.tuple(Long.MAX_VALUE, 2), Py.tuple(0, 0)), TEN))
        .endsWith("takes more than the 2147483639 bytes that an array can hold");
  }

  @Test
  void negativeNumbersAreRefused() {
    String message = " must not have negative numbers";
    assertThat(refused(ten(Py.tuple(-1), Py.tuple(1)), TEN))
        .endsWith("a tensor of uint8[-1], offset 0 and strides [1]" + message);
    assertThat(refused(ten(Py.tuple(2), Py.tuple(-1)), TEN)).endsWith(message);
    assertThat(refused(Py.tensor(BYTES, -1, Py.tuple(2), Py.tuple(1)), TEN)).endsWith(message);
    assertThat(refused(ten(Py.tuple(0, Long.MIN_VALUE), Py.tuple(1, 1)), TEN)).endsWith(message);
  }

  @Test
  void dimensionsAndStridesAreAsManyAndNotTooMany() throws IOException {
    Object ones = Py.tuple(Collections.nCopies(64, 1).toArray());
    assertThat(((TensorValue) open(ten(ones, ones), TEN)).shape()).hasSize(64);
    Object more = Py.tuple(Collections.nCopies(65, 1).toArray());
    assertThat(refused(ten(more, more), TEN))
        .endsWith("is passed 65 dimensions where 64 are the most");
    assertThat(refused(ten(Py.tuple(1, 2), Py.tuple(1)), TEN))
        .endsWith("a tensor has 2 dimensions, but 1 strides");
  }

  @Test
  void argumentsOfOtherTypesAreRefused() {
    String function = "torch._utils._rebuild_tensor_v2 is passed ";
    assertThat(refused(ten(Py.tuple("2"), Py.tuple(1)), TEN))
        .endsWith(function + "a tuple as value 3 where it takes a tuple of whole numbers");
    assertThat(refused(ten(List.of(2), Py.tuple(1)), TEN))
        .endsWith(function + "a list as value 3 where it takes a tuple");
    assertThat(refused(ten(Py.tuple(BigInteger.ONE.shiftLeft(64)), Py.tuple(1)), TEN))
        .endsWith(function + "a tuple as value 3 where it takes a tuple of whole numbers");
    assertThat(refused(Py.tensor(BYTES, true, Py.tuple(2), Py.tuple(1)), TEN))
        .endsWith(function + "a bool as value 2 where it takes a whole number of 64 bits");
    assertThat(refused(Py.tensor("0", 0, Py.tuple(2), Py.tuple(1)), TEN))
        .endsWith(function + "a str as value 1 where it takes a tensor");
    Object twice = Py.tensor(ten(Py.tuple(10), Py.tuple(1)), 0, Py.tuple(1), Py.tuple(1));
    assertThat(refused(twice, TEN))
        .endsWith(function + "a tensor as value 1 where it takes a storage of plain numbers");
    assertThat(refused(Py.call("torch._utils._rebuild_tensor", BYTES, 0), TEN))
        .endsWith("torch._utils._rebuild_tensor is passed 2 values where it takes 4");
  }

  @Test
  void hooksAreRefused() throws IOException {
    for (Object none : Arrays.asList(Map.of(), Py.noHooks(), null)) {
      Object tensor =
          Py.call(
              "torch._utils._rebuild_tensor_v2", BYTES, 0, Py.tuple(2), Py.tuple(1), true, none);
      assertThat(hex(open(tensor, TEN))).isEqualTo("0001");
    }
    Object hooked =
        Py.call(
            "torch._utils._rebuild_tensor_v2",
            BYTES,
            0,
            Py.tuple(2),
            Py.tuple(1),
            true,
            Map.of(1, "hook"));
    assertThat(refused(hooked, TEN)).endsWith("where it takes an empty dict of hooks");
  }

  @Test
  void aStorageHasAsManyElementsAsItsRecordHasRoomFor() {
    Object floats = Py.storage("torch.FloatStorage", "0", 3);
    assertThat(refused(floats, TEN))
        .endsWith("storage 0 is said to be of 3 elements of float32, but its record has 10 bytes");
    Object fewer = Py.storage("torch.FloatStorage", "0", 1);
    assertThat(refused(fewer, TEN))
        .endsWith("storage 0 is said to be of 1 elements of float32, but its record has 10 bytes");
    Object overflowing = Py.storage("torch.FloatStorage", "0", (1L << 62) + 2);
    assertThat(refused(overflowing, new byte[8]))
        .contains("storage 0 is said to be of 4611686018427387906 elements of float32");
    assertThat(refused(Py.storage("torch.ByteStorage", "0", -10), TEN))
        .endsWith("storage 0 has -10 elements");
    assertThat(refused(Py.storage("torch.ByteStorage", "1", 10), TEN))
        .endsWith("it names storage 1, but there is no record of it");
    Object other = Py.storage("torch.CharStorage", "0", 10);
    assertThat(refused(List.of(BYTES, other), TEN))
        .endsWith("storage 0 is of 10 elements of uint8 and of 10 of int8");
  }

  @Test
  void whatIsBehindTheLastElementIsLeftOut() throws IOException {
    Object storage = Py.storage("torch.FloatStorage", "0", 2);
    TensorValue floats = (TensorValue) open(storage, TEN);
    assertThat(floats.toBytes()).isEqualTo(Arrays.copyOf(TEN, 8));
    Object beyond = Py.tensor(storage, 0, Py.tuple(3), Py.tuple(1));
    assertThat(refused(beyond, TEN)).endsWith("goes beyond its storage of 2 elements");
  }

  @Test
  void anEmptyStorageMayBeSeenAsAnyType() throws IOException {
    Object bytes = Py.storage("torch.ByteStorage", "0", 0);
    Object floats = Py.storage("torch.FloatStorage", "0", 0);
    PyList list = (PyList) open(List.of(bytes, floats, bytes), new byte[0]);
    assertThat(list.items())
        .extracting(tensor -> ((TensorValue) tensor).dtype())
        .containsExactly(DType.UINT8, DType.FLOAT32, DType.UINT8);
    Object one = Py.storage("torch.FloatStorage", "0", 1);
    assertThat(refused(List.of(bytes, one), new byte[0]))
        .endsWith("storage 0 is of 0 elements of uint8 and of 1 of float32");
  }

  @Test
  void aStorageAloneIsATensorOfOneDimension() throws IOException {
    TensorValue storage = (TensorValue) open(BYTES, TEN);
    assertThat(storage.shape()).containsExactly(10);
    assertThat(storage.toBytes()).isEqualTo(TEN);
  }

  // ---- parameters and subclasses

  @Test
  void parametersAreTheirData() throws IOException {
    Object data = ten(Py.tuple(2), Py.tuple(1));
    Object old = Py.call("torch._utils._rebuild_parameter", data, true, Py.noHooks());
    assertThat(hex(open(old, TEN))).isEqualTo("0001");
    Object state = Map.of("name", "w");
    Object named =
        Py.call("torch._utils._rebuild_parameter_with_state", data, true, Py.noHooks(), state);
    assertThat(hex(open(named, TEN))).isEqualTo("0001");
    assertThat(refused(Py.call("torch._utils._rebuild_parameter", 1, true, Map.of())))
        .endsWith("is passed an int as value 1 where it takes a tensor");
  }

  @Test
  void tensorsOfTheirOwnClassAreWhatTheirFunctionMakes() throws IOException {
    Object function = Py.global("torch._utils._rebuild_tensor_v2");
    Object arguments = Py.tuple(BYTES, 0, Py.tuple(2), Py.tuple(1), false, Py.noHooks());
    for (String type :
        List.of("torch.Tensor", "torch._tensor.Tensor", "torch.nn.parameter.Parameter")) {
      Object tensor = fromType(function, Py.global(type), arguments);
      assertThat(hex(open(tensor, TEN))).isEqualTo("0001");
    }
    assertThat(refused(fromType(function, Py.global("torch.Size"), arguments), TEN))
        .endsWith("as value 2 where it takes torch.Tensor or torch.nn.parameter.Parameter");
    assertThat(refused(fromType(function, Py.global("__main__.Sub"), arguments), TEN))
        .endsWith(
            "names __main__.Sub, which is not among the constructors that a torch file may name");
    Object itself = Py.global("torch._tensor._rebuild_from_type_v2");
    assertThat(refused(fromType(itself, Py.global("torch.Tensor"), arguments), TEN))
        .endsWith("as value 1 where it takes a function that makes tensors");
    assertThat(
            refused(fromType(Py.global("_codecs.encode"), Py.global("torch.Tensor"), Py.tuple())))
        .endsWith("as value 1 where it takes a function that makes tensors");
  }

  private static Object fromType(Object function, Object type, Object arguments) {
    return Py.call("torch._tensor._rebuild_from_type_v2", function, type, arguments, Map.of());
  }

  // ---- sparse and quantised tensors

  private static Object longs(Object shape, Object strides) {
    return Py.tensor(Py.storage("torch.LongStorage", "1", 6), 0, shape, strides);
  }

  private static Object sparse(String layout, Object... parts) {
    Object named = Py.call("torch.serialization._get_layout", layout);
    return Py.call("torch._utils._rebuild_sparse_tensor", named, Py.tuple(parts));
  }

  @Test
  void sparseTensorsOfEveryLayoutAreDictsOfTheirParts() throws IOException {
    Object indices = longs(Py.tuple(2, 3), Py.tuple(3, 1));
    Object values = ten(Py.tuple(3), Py.tuple(1));
    Object size = Py.call("torch.Size", Py.tuple(4, 4));
    Object coo = sparse("torch.sparse_coo", indices, values, size, true);
    assertThat(keys(open(coo, TEN, new byte[48])))
        .containsExactly("layout", "size", "indices", "values");
    Object compressed = longs(Py.tuple(5), Py.tuple(1));
    Object plain = longs(Py.tuple(3), Py.tuple(1));
    for (String layout : List.of("csr", "bsr")) {
      assertThat(
              keys(
                  open(
                      sparse("torch.sparse_" + layout, compressed, plain, values, size),
                      TEN,
                      new byte[48])))
          .containsExactly("layout", "size", "crow_indices", "col_indices", "values");
    }
    for (String layout : List.of("csc", "bsc")) {
      assertThat(
              keys(
                  open(
                      sparse("torch.sparse_" + layout, compressed, plain, values, size),
                      TEN,
                      new byte[48])))
          .containsExactly("layout", "size", "ccol_indices", "row_indices", "values");
    }
  }

  private static Iterable<Object> keys(Object dict) {
    return ((PyDict) dict).items().keySet();
  }

  @Test
  void sparseTensorsWhosePartsDoNotFitAreRefused() {
    Object size = Py.call("torch.Size", Py.tuple(4, 4));
    Object indices = longs(Py.tuple(2, 3), Py.tuple(3, 1));
    Object four = ten(Py.tuple(4), Py.tuple(1));
    Object three = ten(Py.tuple(3), Py.tuple(1));
    byte[] sixLongs = new byte[48];
    String message = "the parts of a torch.sparse_coo tensor do not have shapes that fit together";
    assertThat(refused(sparse("torch.sparse_coo", indices, four, size), TEN, sixLongs))
        .endsWith(message);
    assertThat(refused(sparse("torch.sparse_coo", indices, three, Py.tuple(4)), TEN, sixLongs))
        .endsWith(message);
    assertThat(refused(sparse("torch.sparse_coo", three, three, size), TEN))
        .endsWith("is passed a tensor as value 1 where it takes a tensor of int32 or int64");
    assertThat(refused(sparse("torch.sparse_csr", indices, indices, four, size), TEN, sixLongs))
        .endsWith("the parts of a torch.sparse_csr tensor do not have shapes that fit together");
    assertThat(refused(sparse("torch.strided", indices, three, size), TEN, sixLongs))
        .endsWith("where it takes the layout of a sparse tensor");
  }

  private static Object quantised(String storage, Object... quantiser) {
    return Py.call(
        "torch._utils._rebuild_qtensor",
        Py.storage(storage, "0", 10),
        0,
        Py.tuple(2, 5),
        Py.tuple(5, 1),
        Py.tuple(quantiser),
        false,
        Py.noHooks());
  }

  @Test
  void quantisedTensorsAreDictsOfTheirParts() throws IOException {
    Object tensor = quantised("torch.QInt8Storage", Py.global("torch.per_tensor_affine"), 0.5, 3);
    Map<Object, Object> parts = ((PyDict) open(tensor, TEN)).items();
    assertThat(parts)
        .containsEntry("qscheme", new TorchConstant("torch.per_tensor_affine"))
        .containsEntry("dtype", new TorchConstant("torch.qint8"))
        .containsEntry("scale", 0.5)
        .containsEntry("zero_point", 3L);
    assertThat(((TensorValue) parts.get("values")).dtype()).isEqualTo(DType.INT8);
  }

  @Test
  void quantisedTensorsWhosePartsDoNotFitAreRefused() {
    Object channels = Py.global("torch.per_channel_affine");
    Object two = longs(Py.tuple(2), Py.tuple(1));
    Object three = longs(Py.tuple(3), Py.tuple(1));
    byte[] sixLongs = new byte[48];
    assertThat(refused(quantised("torch.QInt8Storage", channels, two, three, 0), TEN, sixLongs))
        .endsWith("a quantised tensor of 2 channels has not one scale and zero point each");
    assertThat(refused(quantised("torch.QInt8Storage", channels, two, two, 2), TEN, sixLongs))
        .endsWith("is passed an int as value 4 where it takes one of 2 dimensions");
    assertThat(refused(quantised("torch.QInt8Storage", channels, 1, 2), TEN))
        .endsWith("is passed 3 values where it takes 4");
    assertThat(refused(quantised("torch.QInt8Storage", Py.global("torch.strided"), 1, 2), TEN))
        .endsWith("where it takes a scheme that torch writes");
    assertThat(refused(quantised("torch.CharStorage", channels, 1, 2, 3), TEN))
        .endsWith("where it takes a storage of quantised numbers");
    assertThat(refused(quantised("torch.QUInt2x4Storage", channels, 1, 2, 3), TEN))
        .endsWith("torch.QUInt2x4Storage, whose elements share bytes: not supported");
    Object plain =
        Py.tensor(Py.storage("torch.QInt8Storage", "0", 10), 0, Py.tuple(1), Py.tuple(1));
    assertThat(refused(plain, TEN)).endsWith("where it takes a storage of plain numbers");
  }
}
