// SPDX-License-Identifier: Apache-2.0
package io.millrace.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class ImageTest {
  private static Image image(String mode, int width, int height, int bytes) {
    return new Image(mode, width, height, Bytes.wrap(new byte[bytes]));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 9, 4, 8", "L, 5, 3, 15", "P, 5, 3, 15", "LA, 5, 3, 30", "I;16, 5, 3, 30",
    "RGB, 5, 3, 45", "YCbCr, 5, 3, 45", "RGBA, 5, 3, 60", "I, 5, 3, 60", "F, 5, 3, 60",
    "RGB, 0, 7, 0", "RGB, 7, 0, 0"
  })
  void pixelsMustFitTheDimensions(String mode, int width, int height, int bytes) {
    assertThat(image(mode, width, height, bytes).pixels().size()).isEqualTo(bytes);
    assertThatThrownBy(() -> image(mode, width, height, bytes + 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("mode '" + mode + "', " + width + " x " + height)
        .hasMessageContaining(" from " + (bytes + 1) + " bytes");
  }

  @Test
  void hugeDimensionsDoNotOverflow() {
    // 2^31 * 4 * 2^31 bytes are 0 in 64 bits.
    assertThatThrownBy(() -> image("RGBA", 1 << 30, 1 << 30, 0))
        .hasMessage(
            "Cannot make an image of mode 'RGBA', 1073741824 x 1073741824, from 0 bytes: "
                + "it needs 4294967296 a row");
    assertThatThrownBy(() -> image("F", Integer.MAX_VALUE, Integer.MAX_VALUE, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void unknownModesAreTakenAsTheyAre() {
    assertThat(image("XYZ", 2, 2, 5)).hasToString("Image[XYZ, 2 x 2]");
  }

  @Test
  void negativeDimensionsAndNoModeAreRefused() {
    assertThatThrownBy(() -> image("XYZ", -1, 2, 0))
        .hasMessage("Cannot make an image of mode 'XYZ', -1 x 2");
    assertThatThrownBy(() -> image("L", 1, -2, 0))
        .hasMessage("Cannot make an image of mode 'L', 1 x -2");
    assertThatThrownBy(() -> image("", 1, 1, 1))
        .hasMessage("Cannot make an image of mode '', 1 x 1");
  }

  @Test
  void equalityIsByValue() {
    assertThat(image("L", 2, 1, 2)).isEqualTo(image("L", 2, 1, 2));
    assertThat(image("L", 2, 1, 2)).isNotEqualTo(image("P", 2, 1, 2));
  }
}
