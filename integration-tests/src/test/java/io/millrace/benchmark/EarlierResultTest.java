// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
final class EarlierResultTest {

  private static final long SECOND = 1_000_000_000;

  @TempDir private Path directory;

  @Test
  void readsWhatWasWritten() throws IOException {
    Throughput written = result("a processor", 3, Map.of("1kb.a", 1, "1kb.b", 4));

    Path file = ThroughputJson.write(written);

    assertThat(file).hasFileName("throughput-20261122T101112Z.json");
    EarlierResult read = EarlierResult.read(file);
    assertThat(read.time()).isEqualTo("2026-11-22T10:11:12Z");
    assertThat(read.machine()).isEqualTo(written.machine());
    assertThat(read.settings()).isEqualTo(written.comparableSettings());
    assertThat(read.figures()).isEqualTo(written.figures()).containsEntry("1kb.a MB/s", 20.0);
  }

  @Test
  void printsTheChangeOfEachFigure() throws IOException {
    Path file = ThroughputJson.write(result("a processor", 3, Map.of("1kb.a", 1)));
    Throughput now = result("a processor", 3, Map.of("1kb.a", 2));

    assertThat(changes(file, now))
        .containsExactly(
            "Change against 2026-11-22T10:11:12Z",
            "1kb.a MB/s 20.00 -> 10.00 -50.0 %",
            "1kb.a job MB/s 10.00 -> 10.00 +0.0 %",
            "1kb.a / b 0.50 -> 0.50 +0.0 %");
  }

  @Test
  void saysWhatCannotBeCompared() throws IOException {
    Path file = ThroughputJson.write(result("a processor", 3, Map.of("1kb.a", 1)));
    Throughput now = result("another", 4, Map.of("1kb.b", 1));

    assertThat(changes(file, now))
        .contains(
            "processor was a processor, is another",
            "epochs was 3.0, is 4.0",
            "1kb.b MB/s not there before",
            "1kb.a MB/s no longer there");
  }

  @Test
  void refusesAFileWithoutFigures() throws IOException {
    Path file = Files.writeString(directory.resolve("jmh.json"), "{\"time\": \"today\"}");

    assertThatThrownBy(() -> EarlierResult.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot compare with " + file + ": it has no figures");
  }

  /** A result of 20 MB of samples a variant and so many seconds. */
  private Throughput result(String processor, int epochs, Map<String, Integer> seconds) {
    BenchmarkSettings settings = new BenchmarkSettings(1, 0, 1, epochs, null, directory, null);
    List<VariantResult> variants =
        seconds.entrySet().stream()
            .map(
                variant ->
                    new VariantResult(
                        variant.getKey(),
                        20_000,
                        20_000_000,
                        List.of(
                            new Measurement(
                                List.of(variant.getValue() * SECOND),
                                0,
                                0,
                                2 * SECOND,
                                SECOND,
                                null))))
            .toList();
    return new Throughput(
        Instant.parse("2026-11-22T10:11:12Z"),
        Map.of("processor", processor),
        settings,
        variants,
        List.of(new Ratio("1kb.a / b", new Statistics(List.of(0.5)), 0.8)));
  }

  /** The lines that are printed, with single spaces. */
  private static List<String> changes(Path earlier, Throughput now) throws IOException {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    EarlierResult.read(earlier)
        .printChanges(now, new PrintStream(printed, true, StandardCharsets.UTF_8));
    return printed
        .toString(StandardCharsets.UTF_8)
        .lines()
        .map(line -> line.strip().replaceAll(" +", " "))
        .filter(line -> !line.isEmpty())
        .toList();
  }
}
