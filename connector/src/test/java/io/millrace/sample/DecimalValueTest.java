// SPDX-License-Identifier: Apache-2.0
package io.millrace.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class DecimalValueTest {
  @ParameterizedTest
  @CsvSource({
    "0.1, 1, 1",
    "-12.340, -12340, 3",
    "1E+50, 1, -50",
    "1.23E+5, 123, -3",
    "0E-7, 0, 7",
    "-0, 0, 0",
    "-0.00, 0, 2",
    "1E-2147483647, 1, 2147483647",
    "1E+2147483648, 1, -2147483648",
    "9E+0000000000000003, 9, -3",
    "123456789012345678901234567890, 123456789012345678901234567890, 0",
  })
  void numbersKeepTheirScale(String text, BigInteger unscaled, int scale) {
    DecimalValue value = DecimalValue.parse(text);
    assertThat(value.isFinite()).isTrue();
    assertThat(value.text()).isEqualTo(text);
    assertThat(value.toBigDecimal()).isEqualTo(new BigDecimal(unscaled, scale));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"NaN", "-NaN", "sNaN", "-sNaN", "NaN123", "-sNaN9", "Infinity", "-Infinity"})
  void whatIsNotFiniteIsKeptAsText(String text) {
    DecimalValue value = DecimalValue.parse(text);
    assertThat(value.isFinite()).isFalse();
    assertThat(value.text()).isEqualTo(text);
    assertThatThrownBy(value::toBigDecimal)
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("Cannot make a BigDecimal of " + text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "+1",
        " 1",
        "1 ",
        "1\n",
        "1_000",
        ".5",
        "5.",
        "1e5",
        "1E5",
        "1E",
        "1E+",
        "0x1",
        "--1",
        "inf",
        "nan",
        "NAN",
        "+NaN",
        "NaN-1",
        "Infinity1",
        "1.2.3",
        "1,5",
        "\u0661"
      })
  void otherFormsAreRefused(String text) {
    assertThatThrownBy(() -> DecimalValue.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot read '" + text + "' as a decimal: not a form of Python's str(Decimal)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1E+2147483649",
        "1E-2147483648",
        "0.1E-2147483647",
        "1E+999999999999999999",
        "1E-9223372036854775808",
        "1E+99999999999999999999999"
      })
  void exponentsBeyondBigDecimalAreRefused(String text) {
    assertThatThrownBy(() -> DecimalValue.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot read '" + text + "' as a decimal: its exponent is out of range");
  }

  @Test
  void aVeryLongTextIsCheckedWithoutAStackOrAnExpansion() {
    String digits = "7".repeat(1_000_000);
    assertThat(DecimalValue.parse(digits + ".5").toString()).hasSize(43).endsWith("...");
    assertThatThrownBy(() -> DecimalValue.parse(digits + "x"))
        .hasMessage(
            "Cannot read '"
                + "7".repeat(40)
                + "...' as a decimal: not a form of Python's str(Decimal)");
  }

  @Test
  void equalityIsByText() {
    assertThat(DecimalValue.parse("1.0"))
        .isEqualTo(DecimalValue.parse("1.0"))
        .hasSameHashCodeAs(DecimalValue.parse("1.0"))
        .isNotEqualTo(DecimalValue.parse("1.00"))
        .hasToString("1.0");
    assertThat(DecimalValue.parse("NaN")).isEqualTo(DecimalValue.parse("NaN"));
  }
}
