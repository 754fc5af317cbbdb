// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cache.EpochStatistics;
import io.millrace.examples.origin.DelayedOrigin;
import io.millrace.flink.metrics.ReaderMetrics;
import io.millrace.flink.scan.MillraceOptions;
import io.millrace.flink.source.MillraceSource;
import io.millrace.flink.source.MillraceSourceBuilder;
import io.millrace.sample.Field;
import io.millrace.sample.Sample;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What the documentation says is so. Alone, because it takes hold of the standard output. */
@Isolated
@Tag("unit")
class DocumentationTest {

  private static final Path README = DocumentedCode.ROOT.resolve("README.md");
  private static final Path DATASTREAM = DocumentedCode.ROOT.resolve("docs/datastream.md");

  @Test
  void theSnippetOfTheReadmeIsTheExample() throws IOException {
    assertThat(DocumentedCode.snippets(README))
        .containsExactly(DocumentedCode.marked("DataStreamExample.java", "README"));
  }

  @Test
  void theSnippetsOfTheDataStreamPageAreTheExamples() throws IOException {
    assertThat(DocumentedCode.snippets(DATASTREAM))
        .containsExactly(
            DocumentedCode.marked("TunedSourceExample.java", "datastream.md"),
            DocumentedCode.marked("AlignedSourceExample.java", "datastream.md"),
            DocumentedCode.marked("AccumulatorsExample.java", "datastream.md"));
  }

  @Test
  void theSnippetOfTheReadmePrintsEachSampleOfThreeEpochs() throws Exception {
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, UTF_8));
    try (DelayedOrigin origin = DelayedOrigin.open(Duration.ZERO)) {
      DataStreamExample.run(origin.dataset(Datasets.FASHION_MNIST));
    } finally {
      System.setOut(console);
    }
    Map<String, Long> lines =
        printed
            .toString(UTF_8)
            .lines()
            .map(line -> line.replaceFirst("^\\d+> ", ""))
            .collect(Collectors.groupingBy(line -> line, Collectors.counting()));
    assertThat(lines).hasSize(10);
    for (int label = 0; label < 10; label++) {
      assertThat(lines).containsEntry(label + " tensor<uint8>[28,28]", 600L);
    }
  }

  @Test
  void theSnippetOfTheDataStreamPageBuildsASource() {
    MillraceSource<?> source =
        TunedSourceExample.source("file://" + Datasets.FASHION_MNIST.toAbsolutePath());
    assertThat(source.schema()).hasToString("(image tensor<uint8>[28,28], label int64)");
  }

  @Test
  void theAlignedSnippetOfTheDataStreamPageBuildsASource() {
    MillraceSource<?> source =
        AlignedSourceExample.source(
            "file://" + Datasets.TENSORS.resolve("latents"),
            "file://" + Datasets.TENSORS.resolve("conditions"));
    assertThat(source.schema().fields())
        .extracting(Field::name)
        .contains("latent_conditions", "text.prompt_embeds");
  }

  @Test
  void theAccumulatorsOfTheDataStreamPageTellWhatTheJobDid() throws Exception {
    MillraceSource<Sample> source =
        MillraceSource.builder()
            .path("file://" + Datasets.FASHION_MNIST.toAbsolutePath())
            .fields("label")
            .scanEpochs(2)
            .build();

    EpochStatistics.Snapshot counts = AccumulatorsExample.run(source);

    long stored = source.dataset().storedBytes();
    assertThat(counts.originBytes()).isEqualTo(stored);
    assertThat(counts.all().bytes()).isEqualTo(2 * stored);
    assertThat(counts.hitRate()).isEqualTo(0.5);
  }

  private static Map<String, String> table(String heading) throws IOException {
    return DocumentedCode.table(DATASTREAM, heading);
  }

  @Test
  void optionsAndDefaultsAreThoseOfTheConnector() throws IOException {
    Map<String, String> expected = new LinkedHashMap<>();
    MillraceOptions.all()
        .forEach(option -> expected.put(option.key(), DocumentedCode.defaultOf(option)));
    assertThat(table("Options")).containsExactlyEntriesOf(expected);
  }

  @Test
  void eachMethodOfTheBuilderIsListed() throws IOException {
    String page = Files.readString(DATASTREAM, UTF_8);
    assertThat(Arrays.stream(MillraceSourceBuilder.class.getDeclaredMethods()))
        .filteredOn(method -> Modifier.isPublic(method.getModifiers()))
        .allSatisfy(method -> assertThat(page).contains("`" + method.getName() + "`"));
  }

  @Test
  void metricsAreThoseOfTheConnector() throws Exception {
    List<String> expected =
        Arrays.stream(ReaderMetrics.class.getFields())
            .filter(field -> field.getType() == String.class && !field.getName().equals("GROUP"))
            .map(DocumentationTest::valueOf)
            .toList();
    assertThat(table("Metrics").keySet()).containsExactlyElementsOf(expected);
  }

  private static String valueOf(java.lang.reflect.Field field) {
    try {
      return (String) field.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    for (Path page : List.of(README, DATASTREAM)) {
      DocumentedCode.checkLinks(page);
    }
  }
}
