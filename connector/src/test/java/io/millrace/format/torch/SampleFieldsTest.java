// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static io.millrace.format.torch.TorchValues.NONE;
import static io.millrace.format.torch.TorchValues.bytes;
import static io.millrace.format.torch.TorchValues.dict;
import static io.millrace.format.torch.TorchValues.list;
import static io.millrace.format.torch.TorchValues.set;
import static io.millrace.format.torch.TorchValues.tensor;
import static io.millrace.format.torch.TorchValues.tuple;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.format.pickle.PyDict;
import io.millrace.format.pickle.PyList;
import io.millrace.sample.DType;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class SampleFieldsTest {

  private static final BigInteger BIG = BigInteger.TWO.pow(70);

  /** The names of the fields with what they are. */
  private static Map<String, String> fields(Object root) throws FieldException {
    Map<String, String> fields = new LinkedHashMap<>();
    SampleFields.of(root).forEach((name, value) -> fields.put(name, ValueTypes.describe(value)));
    return fields;
  }

  private static void checkType(Object value, String type) throws FieldException {
    assertThat(fields(value)).containsOnly(Map.entry("value", type));
  }

  private static void checkRefused(Object root, String problem) {
    assertThatThrownBy(() -> SampleFields.of(root))
        .isInstanceOf(FieldException.class)
        .hasMessage(problem);
  }

  @Test
  void keysOfDictsBecomeDottedNames() throws FieldException {
    Object root =
        dict(
            "b",
            tensor(DType.BFLOAT16, 2, 3),
            "a",
            dict("x", 1, "y", dict("z", "text")),
            7,
            true,
            tuple(1, 2),
            1.5,
            "",
            NONE);

    assertThat(fields(root).toString())
        .isEqualTo(
            "{b=tensor<bfloat16>, a.x=int64, a.y.z=string, 7=boolean, (1, 2)=float64, =None}");
  }

  @Test
  void aRootThatIsNoDictIsTheFieldValue() throws FieldException {
    checkType(tensor(DType.COMPLEX64), "tensor<complex64>");
    checkType(5L, "int64");
    checkType(NONE, "None");
    checkType(list(1, 2), "list<int64>");
    assertThat(fields(list(tensor(DType.INT8, 1), "z")).toString())
        .isEqualTo("{value.0=tensor<int8>, value.1=string}");
    assertThat(fields(dict())).isEmpty();
  }

  @Test
  void eachKindOfScalarHasItsType() throws FieldException {
    checkType(true, "boolean");
    checkType(Long.MIN_VALUE, "int64");
    checkType(BIG, "big_integer");
    checkType(1.5, "float64");
    checkType("é", "string");
    checkType(bytes(1), "bytes");
    checkType(new TorchConstant("cuda:0"), "string");
    checkType(new NumpyScalar(DType.BOOL, true), "boolean");
    checkType(new NumpyScalar(DType.UINT16, 5L), "uint16");
    checkType(new NumpyScalar(DType.UINT64, BigInteger.TEN), "uint64");
    checkType(new NumpyScalar(DType.FLOAT16, 0.5f), "float16");
    checkType(new NumpyScalar(DType.FLOAT64, 0.5), "float64");
  }

  @Test
  void elementsOfOneTypeAreAList() throws FieldException {
    checkType(list("a", "b"), "list<string>");
    checkType(tuple(1, BIG), "list<big_integer>");
    checkType(set(true, false), "list<boolean>");
    checkType(list(1, 2.5), "list<float64>");
    checkType(list(bytes(1), bytes()), "list<bytes>");
    checkType(list(tensor(DType.INT8, 1), tensor(DType.INT8, 2, 2)), "list<tensor<int8>>");
    checkType(list(tensor(DType.INT8, 1), tensor(DType.INT16, 1)), "list<tensor<?>>");
    checkType(list("x", new TorchConstant("cpu")), "list<string>");
    NumpyScalar small = new NumpyScalar(DType.UINT8, 3L);
    checkType(list(small, small), "list<uint8>");
    checkType(list(small, 4), "list<int64>");
    checkType(list(new NumpyScalar(DType.UINT64, BigInteger.ONE), 4), "list<big_integer>");
    NumpyScalar half = new NumpyScalar(DType.FLOAT16, 0.5f);
    checkType(list(half, new NumpyScalar(DType.FLOAT32, 0.1f)), "list<float32>");
    checkType(list(half, 1), "list<float64>");
  }

  @Test
  void otherPlainElementsAreJson() throws FieldException {
    checkType(list(1, NONE), "json");
    checkType(list(1, true), "json");
    checkType(list(1, "a"), "json");
    checkType(tuple(list(1, 2), list(3, 4)), "json");
    checkType(list(list()), "json");
    checkType(list(dict("label", 3, "box", list(1, 2))), "json");
    // Not every whole number is a float.
    checkType(list(0.5, (1L << 53) + 1), "json");
    checkType(list(0.5, 1L << 53), "list<float64>");
    checkType(list(new NumpyScalar(DType.INT8, 1L), NONE), "json");
  }

  @Test
  void elementsWithoutACommonFormAreFieldsByTheirIndex() throws FieldException {
    Object mixed = list(tensor(DType.FLOAT32, 2), tuple(NONE, 1.5, bytes(1)), list(), list(1, 2));

    assertThat(fields(dict("a", mixed)).toString())
        .isEqualTo(
            "{a.0=tensor<float32>, a.1.0=None, a.1.1=float64, a.1.2=bytes, a.2=an empty list, a.3=list<int64>}");
    assertThat(fields(dict("a", list(dict("box", tensor(DType.INT8, 4), "label", 3)))).toString())
        .isEqualTo("{a.0.box=tensor<int8>, a.0.label=int64}");
    assertThat(fields(dict("a", list(tensor(DType.INT8, 4), NONE))).toString())
        .isEqualTo("{a.0=tensor<int8>, a.1=None}");
  }

  @Test
  void emptyContainersTellNoType() throws FieldException {
    checkType(list(), "an empty list");
    checkType(tuple(), "an empty list");
    checkType(set(), "an empty list");
    assertThat(fields(dict("a", dict())).toString()).isEqualTo("{a=an empty dict}");
  }

  @Test
  void twoValuesForOneNameAreRefused() {
    String end = ": a key with a dot, or one that is no string, means the same as another";
    checkRefused(
        dict("a", dict("b", 1), "a.b", 2), "it has two values for the field \"a.b\"" + end);
    checkRefused(
        dict("a\nb", dict("é", 1), "a\nb.é", 2), "it has two values for the field \"a?b.é\"" + end);
    checkRefused(dict(1, "x", "1", "y"), "it has two values for the field \"1\"" + end);
  }

  @Test
  void whatContainsItselfIsRefused() {
    String problem =
        "more than 64 dicts and lists are nested in each other, or one contains itself, at its field ";
    PyList list = list(tensor(DType.INT8, 1));
    list.add(list);
    list.add(list);
    assertThatThrownBy(() -> SampleFields.of(dict("x", list)))
        .hasMessageStartingWith(problem + "\"x.1.1.1.1");
    PyList plain = list(1);
    plain.add(plain);
    checkRefused(dict("x", plain), problem + "\"x\"");
    PyDict dict = dict("a", 1);
    TorchValues.put(dict, "self", dict);
    assertThatThrownBy(() -> SampleFields.of(dict)).hasMessageStartingWith(problem);
  }

  @Test
  void sixtyFourLevelsAreTaken() throws FieldException {
    Object nested = 5L;
    for (int i = 0; i < SampleFields.MAX_DEPTH; i++) {
      nested = dict("k", nested);
    }
    assertThat(fields(nested)).containsOnlyKeys("k" + ".k".repeat(63));
    Object list = list(NONE, 1);
    for (int i = 0; i < SampleFields.MAX_DEPTH - 1; i++) {
      list = list(list);
    }
    checkType(list, "json");
  }

  @Test
  void aSmallPickleThatIsALargeTreeIsRefused() {
    PyList leaf = list(tensor(DType.INT8, 1), NONE);
    Object doubled = leaf;
    Object plain = list(1, NONE);
    for (int i = 0; i < 40; i++) {
      doubled = list(doubled, doubled);
      plain = list(plain, plain);
    }
    checkRefused(dict("x", doubled), "it has more than 10000 fields");
    checkRefused(
        dict("x", plain),
        "it has more than 10000000 values, counted as often as they show, up to its field \"x\"");
  }

  @Test
  void tenThousandFieldsAreTaken() throws FieldException {
    PyDict dict = dict();
    for (int i = 0; i < SampleFields.MAX_FIELDS; i++) {
      TorchValues.put(dict, (long) i, 1L);
    }
    assertThat(SampleFields.of(dict)).hasSize(10_000);
    TorchValues.put(dict, "more", 1L);
    checkRefused(dict, "it has more than 10000 fields");
  }

  @Test
  void namesAreBounded() throws FieldException {
    String half = "n".repeat(500);
    assertThat(SampleFields.of(dict(half, dict("n".repeat(499), 1)))).hasSize(1);
    checkRefused(
        dict(half, dict(half, 1)),
        "the name \"" + "n".repeat(100) + "…\" of a field has more than 1000 characters");
  }

  @Test
  void whatIsNoValueIsRefused() {
    checkRefused(dict("x", new Object()), "its field \"x\" is a Object");
  }
}
