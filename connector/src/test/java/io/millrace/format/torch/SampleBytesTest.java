// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static io.millrace.format.torch.TorchValues.tensor;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.sample.DType;
import io.millrace.storage.ByteChunks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("unit")
final class SampleBytesTest {

  private static final ByteChunks FILE = ByteChunks.allocate(10_000);

  private static TensorValue expanded(long... shape) {
    Storage storage = new Storage(FILE, 0, DType.FLOAT32, 1, false);
    return new TensorValue(storage, 0, shape, new long[shape.length], false, false);
  }

  private static long beyondFile(@Nullable Object... values) throws IOException {
    CountingInput input = new CountingInput(0);
    SampleBytes sample = new SampleBytes(input);
    for (Object value : values) {
      if (value != null) {
        sample.add(value);
      }
    }
    sample.finish();
    return input.reserved();
  }

  @Test
  void tensorsCostWhatTheyHaveMoreThanTheirFile() throws IOException {
    assertThat(beyondFile(tensor(DType.FLOAT32, FILE, 2_500))).isLessThan(1_000);
    assertThat(beyondFile(expanded(1_000, 1_000)))
        .isBetween(4_000_000L - 10_000, 4_000_000L - 9_000);
    assertThat(beyondFile(tensor(DType.FLOAT32, FILE, 2_500), tensor(DType.FLOAT32, FILE, 2_500)))
        .as("views of one file that show it twice")
        .isBetween(10_000L, 11_000L);
    assertThat(beyondFile(List.of(expanded(1_000, 1_000), expanded(1_000, 1_000))))
        .isGreaterThan(7_900_000);
  }

  @Test
  void otherValuesCostTheirObjects() throws IOException {
    assertThat(beyondFile()).isZero();
    assertThat(beyondFile(5L, "x".repeat(1_000))).isBetween(1_016L, 1_200L);
    assertThat(beyondFile(Collections.nCopies(1_000, 5L))).isBetween(16_000L, 60_000L);
  }

  @Test
  void sumsDoNotOverflow() throws IOException {
    TensorValue huge = expanded(1L << 30, 1L << 30);
    assertThat(beyondFile(huge, huge, huge, huge)).isGreaterThan(Long.MAX_VALUE / 2);
  }

  private static TensorValue copied(int bytes) {
    return TensorViews.all(
        new Storage(ByteChunks.allocate(bytes), 0, DType.INT8, bytes, false, true));
  }

  @Test
  void copiesCostWhatTheyTakeAndDoNotCountAsTheFile() throws IOException {
    TensorValue tensor = tensor(DType.FLOAT32, FILE, 2_500);
    assertThat(beyondFile(copied(5_000), tensor)).isBetween(5_000L, 6_000L);
    assertThat(beyondFile(tensor, tensor, copied(5_000))).isBetween(15_000L, 16_000L);
  }

  @Test
  @Timeout(10)
  void tensorsOfManyMemoriesAreCountedInOneGo() throws IOException {
    List<Object> many = new ArrayList<>();
    for (int i = 0; i < 400_000; i++) {
      many.add(copied(1));
    }
    assertThat(beyondFile(many)).isBetween(400_000L * 256, 400_000L * 300);
  }
}
