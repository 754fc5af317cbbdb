// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
final class BenchmarkSettingsTest {

  private final Properties properties = new Properties();

  @Test
  void hasDefaultsForWhatIsMissingOrBlank() {
    properties.setProperty("benchmark.scale", "");
    properties.setProperty("benchmark.compare", " ");

    assertThat(BenchmarkSettings.from(properties))
        .isEqualTo(
            new BenchmarkSettings(1, 3, 5, 6, null, Path.of("target/benchmark-results"), null));
  }

  @Test
  void readsEverySetting() {
    properties.setProperty("benchmark.scale", "0.02");
    properties.setProperty("benchmark.warmups", "0");
    properties.setProperty("benchmark.rounds", "7");
    properties.setProperty("benchmark.epochs", "4");
    properties.setProperty("benchmark.only", "1kb");
    properties.setProperty("benchmark.results", "out");
    properties.setProperty("benchmark.compare", "out/a.json");

    assertThat(BenchmarkSettings.from(properties))
        .isEqualTo(
            new BenchmarkSettings(0.02, 0, 7, 4, "1kb", Path.of("out"), Path.of("out/a.json")));
  }

  @ParameterizedTest
  @CsvSource({
    "scale, 0, 0.0: it must be more than 0 and at most 10.0",
    "scale, big, big: it must be a number",
    "scale, NaN, NaN: it must be more than 0 and at most 10.0",
    "warmups, -1, -1: it must be from 0 to 1000",
    "rounds, 0, 0: it must be from 1 to 1000",
    "epochs, 2, 2: it must be from 3 to 1000",
    "only, 2kb, '2kb: it must be one of 100kb, 1kb, pt-100kb, sql'"
  })
  void refusesWhatCannotBeMeasured(String name, String value, String message) {
    properties.setProperty("benchmark." + name, value);

    assertThatThrownBy(() -> BenchmarkSettings.from(properties))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot use benchmark." + name + " = " + message);
  }
}
