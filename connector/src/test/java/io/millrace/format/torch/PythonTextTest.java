// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static io.millrace.format.torch.TorchValues.NONE;
import static io.millrace.format.torch.TorchValues.bytes;
import static io.millrace.format.torch.TorchValues.tuple;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.sample.DType;
import java.math.BigInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected texts are what Python 3.11 shows. */
@Tag("unit")
final class PythonTextTest {

  private static void check(Object key, String expected) throws FieldException {
    assertThat(PythonText.ofKey(key)).isEqualTo(expected);
  }

  @Test
  void stringsAreWhatTheyAre() throws FieldException {
    check("a", "a");
    check("", "");
    check("it's\n", "it's\n");
  }

  @Test
  void otherKeysAreShownAsPythonShowsThem() throws FieldException {
    check(-5L, "-5");
    check(BigInteger.TWO.pow(70), "1180591620717411303424");
    check(true, "True");
    check(NONE, "None");
    check(tuple(), "()");
    check(tuple(1), "(1,)");
    check(tuple(1, 2), "(1, 2)");
    check(tuple("a", tuple(NONE, false), 1.5), "('a', (None, False), 1.5)");
    check(new TorchConstant("torch.float16"), "torch.float16");
    check(new NumpyScalar(DType.INT32, 7L), "7");
    check(new NumpyScalar(DType.FLOAT32, 0.5f), "0.5");
    check(new NumpyScalar(DType.FLOAT32, 0.1f), "0.1");
    check(new NumpyScalar(DType.FLOAT32, 3.4e38f), "3.4e+38");
    check(new NumpyScalar(DType.FLOAT32, -16777216f), "-16777216.0");
    check(new NumpyScalar(DType.FLOAT16, 0.099975586f), "0.1");
    check(new NumpyScalar(DType.FLOAT16, 65504f), "65500.0");
    check(new NumpyScalar(DType.FLOAT64, (double) 0.1f), "0.10000000149011612");
  }

  @Test
  void stringsAndBytesWithinOthersAreQuoted() throws FieldException {
    check(tuple("it's"), "(\"it's\",)");
    check(tuple("it's \"x\""), "('it\\'s \"x\"',)");
    check(tuple("\\\n\r\t\0\u007f\u00a0\u00ad"), "('\\\\\\n\\r\\t\\x00\\x7f\\xa0\\xad',)");
    check(tuple("é😀 \u200b\u2028\ue000"), "('é😀 \\u200b\\u2028\\ue000',)");
    check(tuple("\ud800"), "('\\ud800',)");
    check(bytes('a', '\'', 0, 255), "b\"a'\\x00\\xff\"");
    check(bytes(), "b''");
  }

  @ParameterizedTest
  @CsvSource({
    "1.0, 1.0",
    "-0.0, -0.0",
    "0.1, 0.1",
    "100, 100.0",
    "1e15, 1000000000000000.0",
    "1e16, 1e+16",
    "123456789012345680, 1.2345678901234568e+17",
    "0.0001, 0.0001",
    "0.00001234, 1.234e-05",
    "2e23, 2e+23",
    "2.0E-3, 0.002",
    "4.9e-324, 5e-324",
    "1.7976931348623157e308, 1.7976931348623157e+308",
    "-1.5e-10, -1.5e-10",
    "Infinity, inf",
    "-Infinity, -inf",
    "NaN, nan"
  })
  void floats(double value, String expected) throws FieldException {
    check(value, expected);
  }

  @Test
  void textWithoutEndIsRefused() {
    Object doubled = 1L;
    for (int i = 0; i < 60; i++) {
      doubled = tuple(doubled, doubled);
    }
    Object many = doubled;
    assertThatThrownBy(() -> PythonText.ofKey(many))
        .isInstanceOf(FieldException.class)
        .hasMessageStartingWith("the name \"((((")
        .hasMessageEndingWith("…\" of a field has more than 1000 characters");
    Object nested = tuple();
    for (int i = 0; i < 70; i++) {
      nested = tuple(nested);
    }
    Object deep = nested;
    assertThatThrownBy(() -> PythonText.ofKey(deep)).hasMessage("a key of a dict is a list");
    assertThatThrownBy(() -> PythonText.ofKey(tuple("x".repeat(2_000))))
        .hasMessageEndingWith(" of a field has more than 1000 characters");
  }

  @Test
  void keysThatAreNoValuesAreRefused() {
    assertThatThrownBy(() -> PythonText.ofKey(TorchValues.tensor(DType.INT8, 2)))
        .isInstanceOf(FieldException.class)
        .hasMessage("a key of a dict is tensor<int8>");
  }
}
