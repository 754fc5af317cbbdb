// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.scan.MillraceOptions;
import io.millrace.flink.table.MillraceTableFactory;
import io.millrace.format.DatasetFormat;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What pages say is not there yet is not there. A test that fails here asks to look for "not yet"
 * in README.md and docs.
 */
@Tag("unit")
class NotYetTest {

  private static final Path SQL = DocumentedCode.ROOT.resolve("docs/sql.md");

  private static final Pattern OPTION =
      Pattern.compile(
          "`(?:scan|cache|prefetch|storage|sink|mix)\\.(?:NAME\\.)?[a-z][a-z.-]*(?: = [^`]*)?`");

  private static Set<String> existing() {
    Set<String> options = new HashSet<>();
    MillraceOptions.all().forEach(option -> options.add(option.key()));
    new MillraceTableFactory().optionalOptions().forEach(option -> options.add(option.key()));
    return options;
  }

  private static Set<String> planned() throws IOException {
    return DocumentedCode.table(SQL, "Not yet").keySet();
  }

  @Test
  void plannedOptionsDoNotExist() throws IOException {
    assertThat(planned()).hasSizeGreaterThan(8).doesNotContainAnyElementsOf(existing());
  }

  @Test
  void anOptionThatAPageNamesExistsOrIsMarked() throws IOException {
    Set<String> existing = existing();
    Set<String> planned = planned();
    Set<String> marked = new HashSet<>();
    for (Path page : pages()) {
      for (String line : Files.readAllLines(page, UTF_8)) {
        // The first cell of a table is what another tool has.
        String said =
            page.toString().contains("coming-from") ? line.replaceFirst("^\\| [^|]*\\|", "") : line;
        List<String> absent =
            OPTION
                .matcher(said)
                .results()
                .map(MatchResult::group)
                .map(NotYetTest::name)
                .filter(name -> existing.stream().noneMatch(o -> (o + ".").startsWith(name + ".")))
                .toList();
        if (!absent.isEmpty() && !(page.equals(SQL) && line.startsWith("| `"))) {
          assertThat(line).as("%s names %s", page, absent).contains("*not yet*");
          assertThat(planned).as("planned, by %s", SQL).containsAll(absent);
          marked.addAll(absent);
        }
      }
    }
    assertThat(marked).contains("mix.NAME.proportion", "sink.shard.size");
  }

  private static String name(String code) {
    return code.replace("`", "").replaceFirst(" = .*", "");
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(DocumentedCode.ROOT.resolve("docs"))) {
      return Stream.concat(
              docs.filter(file -> file.toString().endsWith(".md")),
              Stream.of(DocumentedCode.ROOT.resolve("README.md")))
          .toList();
    }
  }

  @Test
  void formatsAreThoseOfTheReadme() {
    assertThat(ServiceLoader.load(DatasetFormat.class))
        .extracting(DatasetFormat::name)
        .containsExactlyInAnyOrder("mds", "torch");
  }

  @Test
  void datasetsAreNotMixed() {
    assertThat(Arrays.stream(io.millrace.flink.source.Datasets.class.getDeclaredMethods()))
        .filteredOn(method -> Modifier.isPublic(method.getModifiers()))
        .extracting(Method::getName)
        .containsOnly("at", "replicated", "aligned");
  }

  @Test
  void tablesAreNotWrittenTo() {
    assertThat(new MillraceTableFactory()).isNotInstanceOf(DynamicTableSinkFactory.class);
  }
}
