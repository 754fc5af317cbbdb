// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static io.millrace.format.torch.TorchValues.tensor;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.sample.DType;
import io.millrace.storage.ByteChunks;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SampleBytesTest {

  private static final ByteChunks FILE = ByteChunks.allocate(10_000);

  private static TensorValue expanded(long... shape) {
    Storage storage = new Storage(FILE, 0, DType.FLOAT32, 1, false);
    return new TensorValue(storage, 0, shape, new long[shape.length], false, false);
  }

  @Test
  void tensorsCostWhatTheyHaveMoreThanTheirFile() {
    assertThat(SampleBytes.beyondFile(tensor(DType.FLOAT32, FILE, 2_500))).isLessThan(1_000);
    assertThat(SampleBytes.beyondFile(expanded(1_000, 1_000)))
        .isBetween(4_000_000L - 10_000, 4_000_000L - 9_000);
    assertThat(
            SampleBytes.beyondFile(
                tensor(DType.FLOAT32, FILE, 2_500), tensor(DType.FLOAT32, FILE, 2_500)))
        .as("views of one file that show it twice")
        .isBetween(10_000L, 11_000L);
    assertThat(SampleBytes.beyondFile(List.of(expanded(1_000, 1_000), expanded(1_000, 1_000))))
        .isGreaterThan(7_900_000);
  }

  @Test
  void otherValuesCostTheirObjects() {
    assertThat(SampleBytes.beyondFile(null, null)).isZero();
    assertThat(SampleBytes.beyondFile(5L, "x".repeat(1_000))).isBetween(1_016L, 1_200L);
    assertThat(SampleBytes.beyondFile(Collections.nCopies(1_000, 5L))).isBetween(16_000L, 60_000L);
  }

  @Test
  void sumsDoNotOverflow() {
    TensorValue huge = expanded(1L << 30, 1L << 30);
    assertThat(SampleBytes.beyondFile(huge, huge, huge, huge)).isGreaterThan(Long.MAX_VALUE / 2);
  }
}
