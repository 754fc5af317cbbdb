// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.types.logical.DateType;
import org.apache.flink.table.types.logical.DecimalType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class PartitionValueTest {

  private static final PartitionValue DECIMAL = new PartitionValue(new DecimalType(4, 2));

  @ParameterizedTest
  @CsvSource({"12.50,12.50", "0,0.00", "0e999999999,0.00", "-99.99,-99.99", "1e1,10.00"})
  void aDecimalIsWhatItsTextSays(String text, BigDecimal expected) {
    assertThat(DECIMAL.ofString(text)).isEqualTo(DecimalData.fromBigDecimal(expected, 4, 2));
  }

  @Test
  void zeroFitsWithoutADigitBeforeThePoint() {
    assertThat(new PartitionValue(new DecimalType(2, 2)).ofString("0"))
        .isEqualTo(DecimalData.fromBigDecimal(BigDecimal.ZERO, 2, 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e999999999", "100", "0.001", "1e-999999999", "x"})
  void aDecimalThatDoesNotFitIsRefusedBeforeItIsWrittenOut(String text) {
    assertThatThrownBy(() -> DECIMAL.ofString(text))
        .isInstanceOf(UnfitValueException.class)
        .hasMessage("its value " + text + " is no DECIMAL(4, 2)");
  }

  @Test
  void aDateBeyondAnIntOfDaysIsRefused() {
    assertThatThrownBy(() -> new PartitionValue(new DateType()).ofString("+999999999-01-01"))
        .isInstanceOf(UnfitValueException.class)
        .hasMessage("its value +999999999-01-01 is no DATE");
  }
}
