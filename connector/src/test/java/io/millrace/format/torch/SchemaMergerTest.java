// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static io.millrace.format.torch.TorchValues.NONE;
import static io.millrace.format.torch.TorchValues.bytes;
import static io.millrace.format.torch.TorchValues.dict;
import static io.millrace.format.torch.TorchValues.list;
import static io.millrace.format.torch.TorchValues.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.format.pickle.PyDict;
import io.millrace.sample.DType;
import io.millrace.sample.Field;
import io.millrace.sample.Schema;
import java.math.BigInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class SchemaMergerTest {

  /** The schema of some samples, whose files are 0.pt, 1.pt, … */
  private static Schema merge(Object... samples) throws FieldException {
    SchemaMerger merger = new SchemaMerger();
    for (int i = 0; i < samples.length; i++) {
      merger.add(SampleFields.of(samples[i]), i + ".pt");
    }
    return merger.schema();
  }

  /** The type of a field that has these values in some samples. */
  private static String typeOf(Object... values) throws FieldException {
    Object[] samples = new Object[values.length];
    for (int i = 0; i < values.length; i++) {
      samples[i] = dict("x", values[i]);
    }
    Schema schema = merge(samples);
    assertThat(schema.size()).isEqualTo(1);
    return schema.field(0).type().toString();
  }

  private static void checkConflict(Object a, Object b, String what) {
    assertThatThrownBy(() -> typeOf(a, b))
        .isInstanceOf(FieldException.class)
        .hasMessage("field \"x\" is " + what + "; a field has one type");
  }

  @Test
  void fieldsAreThoseOfAllSamplesInTheOrderInWhichTheyCome() throws FieldException {
    Schema schema = merge(dict("b", 1), dict("c", "x", "b", 2), dict("a", 1.5, "c", "y"));

    assertThat(schema).hasToString("(b int64?, c string?, a float64?)");
    assertThat(schema.fields()).allMatch(Field::nullable);
    assertThat(merge()).hasToString("()");
  }

  @Test
  void aSampleWithoutAValueTellsNoType() throws FieldException {
    assertThat(typeOf(NONE, 1)).isEqualTo("int64");
    assertThat(typeOf(tensor(DType.INT8, 1), NONE)).isEqualTo("tensor<int8>");
    assertThat(typeOf(NONE, NONE)).isEqualTo("json");
  }

  @Test
  void tensorsOfSeveralTypesLeaveTheTypeOpen() throws FieldException {
    Object floats = tensor(DType.FLOAT32, 2);
    assertThat(typeOf(floats, tensor(DType.FLOAT32, 3, 3))).isEqualTo("tensor<float32>");
    assertThat(typeOf(floats, tensor(DType.FLOAT16, 2))).isEqualTo("tensor<?>");
    assertThat(typeOf(floats, tensor(DType.FLOAT16, 2), floats)).isEqualTo("tensor<?>");
    assertThat(typeOf(list(floats), list(tensor(DType.INT8)))).isEqualTo("list<tensor<?>>");
  }

  @Test
  void numbersWiden() throws FieldException {
    assertThat(typeOf(1, BigInteger.TWO.pow(70))).isEqualTo("big_integer");
    assertThat(typeOf(1, 1.5)).isEqualTo("float64");
    assertThat(typeOf(1.5, BigInteger.TWO.pow(70))).isEqualTo("float64");
    assertThat(typeOf(new NumpyScalar(DType.INT8, 1L), new NumpyScalar(DType.UINT32, 1L)))
        .isEqualTo("int64");
    assertThat(typeOf(new NumpyScalar(DType.UINT64, BigInteger.ONE), 1)).isEqualTo("big_integer");
    assertThat(typeOf(new NumpyScalar(DType.FLOAT32, 1f), new NumpyScalar(DType.FLOAT16, 1f)))
        .isEqualTo("float32");
    assertThat(typeOf(new NumpyScalar(DType.FLOAT32, 1f), 1)).isEqualTo("float64");
    assertThat(typeOf(list(1), list(1.5))).isEqualTo("list<float64>");
    assertThat(typeOf(list(1), list(BigInteger.TWO.pow(70)))).isEqualTo("list<big_integer>");
  }

  @Test
  void numbersThatFloat64WouldChangeAreJsonAmongFloats() throws FieldException {
    long inexact = (1L << 53) + 1;
    assertThat(typeOf(inexact, 0.5)).isEqualTo("json");
    assertThat(typeOf(0.5, 1, inexact)).isEqualTo("json");
    assertThat(typeOf(list(inexact), list(0.5))).isEqualTo("json");
    assertThat(typeOf(list(0.5), list(1, inexact), list())).isEqualTo("json");
    assertThat(typeOf(0.5, BigInteger.TWO.pow(70).add(BigInteger.ONE))).isEqualTo("json");
    assertThat(typeOf(new NumpyScalar(DType.INT64, inexact), new NumpyScalar(DType.FLOAT16, 1f)))
        .isEqualTo("json");
    assertThat(typeOf(1L << 53, 0.5)).isEqualTo("float64");
    assertThat(typeOf(inexact, 1)).isEqualTo("int64");
    assertThat(typeOf(0.5, 1)).isEqualTo("float64");
  }

  @Test
  void otherMixturesOfPlainValuesAreJson() throws FieldException {
    assertThat(typeOf(1, true)).isEqualTo("json");
    assertThat(typeOf(1, "a")).isEqualTo("json");
    assertThat(typeOf(1, "a", 1.5, NONE, list(1, 2), list(1, NONE))).isEqualTo("json");
    assertThat(typeOf(list(1), list("a"))).isEqualTo("json");
    assertThat(typeOf(list(1, 2), list(NONE))).isEqualTo("json");
    assertThat(typeOf(new TorchConstant("cpu"), "x")).isEqualTo("string");
  }

  @Test
  void emptyContainersTakeTheFormOfOthers() throws FieldException {
    assertThat(typeOf(list(), list(1))).isEqualTo("list<int64>");
    assertThat(typeOf(list(tensor(DType.INT8)), list())).isEqualTo("list<tensor<int8>>");
    assertThat(typeOf(list(), 1)).isEqualTo("json");
    assertThat(typeOf(list(), list(1, NONE))).isEqualTo("json");
    assertThat(typeOf(dict(), 1)).isEqualTo("json");
    assertThat(typeOf(dict(), list(1))).isEqualTo("json");
    assertThat(typeOf(list(), list())).isEqualTo("json");
    assertThat(typeOf(dict(), NONE)).isEqualTo("json");
    assertThat(typeOf(dict(), list())).isEqualTo("json");
  }

  @Test
  void whereOthersHaveFieldsBelowAnEmptyContainerIsNone() throws FieldException {
    Object full = dict("m", dict("a", 1));
    for (Object empty : new Object[] {NONE, dict(), list()}) {
      assertThat(merge(dict("m", empty), full)).hasToString("(m.a int64?)");
      assertThat(merge(full, dict("m", empty))).hasToString("(m.a int64?)");
    }
    assertThat(merge(dict("m", tensor(DType.INT8)), full, dict("m", dict())))
        .hasToString("(m tensor<int8>?, m.a int64?)");
    // A name that only begins alike is another one.
    assertThat(merge(dict("m", NONE, "ma", 1, "m-", 2)))
        .hasToString("(m json?, ma int64?, m- int64?)");
  }

  @Test
  void kindsThatHaveNoCommonFormAreAConflict() {
    Object tensor = tensor(DType.FLOAT32, 2);
    checkConflict(tensor, 1, "tensor<float32> in 0.pt but int64 in 1.pt");
    checkConflict("a", tensor, "string in 0.pt but tensor<float32> in 1.pt");
    checkConflict(
        tensor, list(tensor), "tensor<float32> in 0.pt but list<tensor<float32>> in 1.pt");
    checkConflict(list(tensor), list(1), "list<tensor<float32>> in 0.pt but list<int64> in 1.pt");
    checkConflict("a", bytes(1), "string in 0.pt but bytes in 1.pt");
    checkConflict(list(), tensor, "tensor<float32> in 1.pt but an empty list in 0.pt");
    checkConflict(bytes(1), dict(), "bytes in 0.pt but an empty dict in 1.pt");
    checkConflict(list(tensor), dict(), "list<tensor<float32>> in 0.pt but an empty dict in 1.pt");
  }

  @Test
  void theFileThatIsNamedIsTheFirstThatHasAValue() {
    assertThatThrownBy(() -> typeOf(NONE, 1, "a", tensor(DType.INT8)))
        .hasMessage("field \"x\" is int64 in 1.pt but tensor<int8> in 3.pt; a field has one type");
  }

  @Test
  void namesThatAreValuesAreRefused() throws FieldException {
    SchemaMerger merger = new SchemaMerger();
    merger.add(SampleFields.of(numbered(0)), "0.pt");
    assertThatThrownBy(() -> merger.add(SampleFields.of(numbered(1)), "1.pt"))
        .isInstanceOf(FieldException.class)
        .hasMessage(
            "the samples up to 1.pt have more than 10000 different fields; should what the names tell be a value?");
  }

  private static PyDict numbered(int sample) {
    PyDict dict = dict();
    for (int i = 0; i < 6_000; i++) {
      TorchValues.put(dict, sample + "-" + i, 1L);
    }
    return dict;
  }
}
