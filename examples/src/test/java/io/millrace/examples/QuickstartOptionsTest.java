// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.configuration.MemorySize;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class QuickstartOptionsTest {

  @Test
  void hasDefaults() {
    QuickstartOptions options = QuickstartOptions.parse();
    assertThat(options)
        .isEqualTo(
            new QuickstartOptions(
                "examples/src/main/data/fashion-mnist-2k",
                "auto",
                new QuickstartOptions.Order(3, true),
                Duration.ofMillis(20),
                1,
                null,
                Path.of("examples/target/quickstart").toAbsolutePath()));
    assertThat(options.cacheMemory()).isEmpty();
  }

  @Test
  void takesEachArgument() {
    String line =
        "--dataset s3://b/x --format mds --epochs 5 --shuffle false --latency 50"
            + " --parallelism 4 --cacheMemory 64mb --output /tmp/a/../b --stacktrace true";
    assertThat(QuickstartOptions.parse(line.split(" ")))
        .isEqualTo(
            new QuickstartOptions(
                "s3://b/x",
                "mds",
                new QuickstartOptions.Order(5, false),
                Duration.ofMillis(50),
                4,
                MemorySize.ofMebiBytes(64),
                Path.of("/tmp/b")));
    assertThat(QuickstartOptions.wantsStackTrace(line.split(" "))).isTrue();
    assertThat(QuickstartOptions.wantsStackTrace("--stacktrace", "false")).isFalse();
    assertThat(QuickstartOptions.wantsStackTrace("--stacktrace")).isFalse();
  }

  @Test
  void saysWhichArgumentIsWrongAndWhatItMayBe() {
    refuses("Cannot use --epochs = 0: it must be a number from 1 to 64", "--epochs", "0");
    refuses("Cannot use --epochs = 65: it must be a number from 1 to 64", "--epochs", "65");
    refuses("Cannot use --epochs = x: it must be a number from 1 to 64", "--epochs", "x");
    refuses(
        "Cannot use --parallelism = 129: it must be a number from 1 to 128",
        "--parallelism",
        "129");
    refuses("Cannot use --shuffle = yes: it must be true or false", "--shuffle", "yes");
    refuses(
        "Cannot use --latency = soon: it must be a time such as 20ms, at most 10 s",
        "--latency",
        "soon");
    refuses(
        "Cannot use --latency = 1h: it must be a time such as 20ms, at most 10 s",
        "--latency",
        "1h");
    refuses(
        "Cannot use --cacheMemory = big: it must be auto or a size such as 64mb",
        "--cacheMemory",
        "big");
    refuses("Cannot use --dataset = : it is empty", "--dataset", "");
    refuses("Cannot use --epochs: its value is missing", "--epochs");
    refuses("Cannot use --stacktrace = 1: it must be true or false", "--stacktrace", "1");
    refuses(
        "Cannot use argument 'epochs': known are --dataset, --format, --epochs, --shuffle,"
            + " --latency, --parallelism, --cacheMemory, --output, --stacktrace",
        "epochs",
        "3");
  }

  private static void refuses(String message, String... args) {
    assertThatThrownBy(() -> QuickstartOptions.parse(args))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  /** The build's properties and the program's arguments are the same. */
  @Test
  void mavenPassesEachArgumentOn() throws Exception {
    String pom = Files.readString(Path.of("pom.xml"), UTF_8);
    for (String name : QuickstartOptions.NAMES) {
      assertThat(pom).contains("--%s \"${%s}\"".formatted(name, name), "<" + name + ">");
    }
  }
}
