// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.metrics.ReaderMetrics;
import io.millrace.flink.scan.MillraceOptions;
import io.millrace.flink.source.MillraceSource;
import io.millrace.sample.Sample;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What docs/from-the-python-loader.md says is so, and what it says is not there yet is not. */
@Tag("unit")
class PythonLoaderPageTest {

  private static final Path PAGE = DocumentedCode.ROOT.resolve("docs/from-the-python-loader.md");

  private static List<String> lines() throws IOException {
    return Files.readAllLines(PAGE, UTF_8);
  }

  /** What a line has in backticks and a pattern matches, whole. */
  private static Stream<String> code(String line, String pattern) {
    return Pattern.compile("`([^`]+)`")
        .matcher(line)
        .results()
        .map(match -> match.group(1).replaceFirst(" = .*", ""))
        .filter(code -> code.matches(pattern));
  }

  @Test
  void itsSnippetsAreTheExample() throws IOException {
    List<String> expected = new ArrayList<>();
    for (String mark : List.of("source", "aligned", "iterate", "statistics")) {
      expected.add(DocumentedCode.marked("PythonLoaderExample.java", mark));
    }
    assertThat(DocumentedCode.snippets(PAGE)).isEqualTo(expected);
  }

  @Test
  void itsLinksLeadSomewhere() throws IOException {
    DocumentedCode.checkLinks(PAGE);
  }

  @Test
  void theOptionsThatItNamesExistUnlessTheyAreNotYetThere() throws IOException {
    List<String> options = MillraceOptions.all().stream().map(ConfigOption::key).toList();
    List<String> absent = new ArrayList<>();
    for (String line : lines()) {
      code(line, "(scan|cache|prefetch|storage)\\.[a-z.-]+")
          .filter(option -> !options.contains(option))
          .forEach(
              option -> {
                assertThat(line).as(option).contains("*not yet*");
                absent.add(option);
              });
    }
    assertThat(absent).isEmpty();
  }

  @Test
  void theMetricsThatItNamesExist() throws Exception {
    List<String> metrics = new ArrayList<>();
    for (var field : ReaderMetrics.class.getFields()) {
      metrics.add(String.valueOf(field.get(null)));
    }
    List<String> named =
        lines().stream()
            .flatMap(line -> code(line, "(cache|prefetch|late|origin|reader)[A-Z]\\w+|evictions"))
            .toList();
    assertThat(named).hasSizeGreaterThan(10).isSubsetOf(metrics);
  }

  @Test
  void theTestsThatItNamesExist() throws IOException {
    List<String> named =
        lines().stream().flatMap(line -> code(line, "[A-Z]\\w+(Test|Benchmark)")).toList();
    List<String> files = new ArrayList<>();
    for (String directory : List.of("connector/src/test", "integration-tests/src")) {
      try (Stream<Path> found = Files.walk(DocumentedCode.ROOT.resolve(directory))) {
        found.forEach(file -> files.add(file.getFileName().toString()));
      }
    }
    assertThat(named).isNotEmpty().allSatisfy(name -> assertThat(files).contains(name + ".java"));
  }

  @Test
  void iteratesOverASourceAndTellsWhatItDid() throws Exception {
    MillraceSource<Sample> source =
        MillraceSource.builder()
            .path("file://" + Datasets.WITHOUT_IMAGES.toAbsolutePath())
            .scanEpochs(2)
            .build();
    List<Sample> samples = new ArrayList<>();
    PythonLoaderExample.iterate(source, samples::add);
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PythonLoaderExample.print(source, new PrintStream(printed, true, UTF_8));

    assertThat(samples).hasSize(80);
    long bytes = source.dataset().storedBytes();
    assertThat(printed.toString(UTF_8).lines().toList())
        .hasSize(2)
        .satisfies(l -> assertThat(l.get(0)).startsWith("epoch 0: hit rate 0.00"))
        .satisfies(l -> assertThat(l.get(0)).endsWith(bytes + " bytes from the origin"))
        .satisfies(l -> assertThat(l.get(1)).startsWith("epoch 1: hit rate 1.00, ready 1.00"))
        .satisfies(l -> assertThat(l.get(1)).endsWith(", 0 misses, 0 bytes from the origin"));
  }

  @Test
  void readsAllTensorsOfADirectoryInEachEpoch() throws Exception {
    MillraceSource<Sample> source =
        PythonLoaderExample.source("file://" + Datasets.TENSORS.resolve("latents"));
    Map<Integer, Integer> samples = new HashMap<>();

    PythonLoaderExample.iterate(
        source,
        sample -> {
          assertThat(sample.getTensor("latents").shape()).containsExactly(8, 2, 4, 4);
          samples.merge(sample.metadata().epoch(), 1, Integer::sum);
        });

    assertThat(samples).isEqualTo(Map.of(0, 100, 1, 100));
  }

  @Test
  void joinsTheTensorsOfTwoDirectories() throws Exception {
    MillraceSource<Sample> source =
        PythonLoaderExample.aligned(
            "file://" + Datasets.TENSORS.resolve("latents"),
            "file://" + Datasets.TENSORS.resolve("conditions"));
    List<Sample> samples = new ArrayList<>();

    PythonLoaderExample.iterate(source, samples::add);

    assertThat(samples)
        .hasSize(100)
        .allSatisfy(
            sample -> {
              assertThat(sample.getTensor("latent_conditions").shape()).containsExactly(8, 2, 4, 4);
              assertThat(sample.getTensor("text.prompt_embeds").shape()).containsExactly(4, 16);
            });
  }
}
