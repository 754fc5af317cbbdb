// SPDX-License-Identifier: Apache-2.0
package io.millrace.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("unit")
class DTypeTest {
  @ParameterizedTest
  @EnumSource(DType.class)
  void isFoundByItsLabel(DType dtype) {
    assertThat(DType.of(dtype.label())).isSameAs(dtype);
    assertThat(dtype.isInteger() ? 1 : 0)
        .isEqualTo(1 - (dtype.isFloat() ? 1 : 0) - (dtype.isComplex() ? 1 : 0));
  }

  @Test
  void hasTheSizesOfNumpyAndTorch() {
    assertThat(
            Arrays.stream(DType.values())
                .map(dtype -> dtype.label() + " " + dtype.byteSize())
                .collect(Collectors.joining(", ")))
        .isEqualTo(
            "bool 1, uint8 1, int8 1, uint16 2, int16 2, uint32 4, int32 4, uint64 8, int64 8, "
                + "float16 2, bfloat16 2, float8_e4m3fn 1, float8_e5m2 1, float8_e4m3fnuz 1, "
                + "float8_e5m2fnuz 1, float32 4, float64 8, complex32 4, complex64 8, "
                + "complex128 16");
  }

  @Test
  void unknownLabelsAreRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> DType.of("Float32"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Unknown dtype 'Float32'; known: bool, uint8, int8, ")
        .hasMessageEndingWith(", complex64, complex128");
  }
}
