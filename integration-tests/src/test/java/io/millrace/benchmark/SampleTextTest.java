// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class SampleTextTest {

  @Test
  void isAsCompressibleAsText() {
    byte[] text = new byte[4 << 20];
    new SampleText(1).fill(text);

    assertThat((double) text.length / Zstd.compress(text, 3).length).isBetween(2.0, 3.0);
  }

  @Test
  void isTheSameForTheSameSeedAndOtherwiseNot() {
    assertThat(sample(1)).isEqualTo(sample(1)).isNotEqualTo(sample(2));
  }

  @Test
  void goesOnFromSampleToSample() {
    SampleText text = new SampleText(1);
    byte[] first = new byte[100];
    byte[] second = new byte[100];
    text.fill(first);
    text.fill(second);

    assertThat(second).isNotEqualTo(first);
    assertThat(new String(second, StandardCharsets.US_ASCII)).matches("[a-z ]{100}");
  }

  private static byte[] sample(long seed) {
    byte[] sample = new byte[1000];
    new SampleText(seed).fill(sample);
    return sample;
  }
}
