// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.util.TimeUtils;

/** The Java that a page shows, and the code that it is taken from. */
final class DocumentedCode {

  static final Path ROOT = Path.of("..");

  private static final Path SOURCES = Path.of("src/main/java/io/millrace/examples");

  private DocumentedCode() {}

  /** The blocks of Java in a page, in order. */
  static List<String> snippets(Path markdown) throws IOException {
    return Pattern.compile("(?s)```java\n(.*?)```")
        .matcher(Files.readString(markdown, UTF_8))
        .results()
        .map(block -> block.group(1))
        .toList();
  }

  /** What stands between two marks of a source file, without its indentation. */
  static String marked(String source, String mark) throws IOException {
    String code = Files.readString(SOURCES.resolve(source), UTF_8);
    String begin = "    // " + mark + " begins\n";
    int from = code.indexOf(begin) + begin.length();
    int to = code.indexOf("    // " + mark + " ends");
    // A last line without text would count as one without indentation.
    return code.substring(from, to).stripTrailing().stripIndent() + "\n";
  }

  /** First cells of the table under a heading, with the second ones. */
  static Map<String, String> table(Path markdown, String heading) throws IOException {
    String page = Files.readString(markdown, UTF_8);
    int from = page.indexOf("## " + heading + "\n");
    assertThat(from).as(heading).isNotNegative();
    int to = page.indexOf("\n## ", from);
    Map<String, String> cells = new LinkedHashMap<>();
    Pattern.compile("(?m)^\\| `([^`]+)` \\| ([^|]*) \\|")
        .matcher(page.substring(from, to < 0 ? page.length() : to))
        .results()
        .forEach(row -> cells.put(row.group(1), row.group(2).replace("`", "").strip()));
    return cells;
  }

  /** How a table of options shows a default. */
  static String defaultOf(ConfigOption<?> option) {
    if (option.hasDefaultValue()) {
      return option.defaultValue() instanceof Duration duration
          ? TimeUtils.formatWithHighestUnit(duration)
          : option.defaultValue().toString();
    }
    return switch (option.key()) {
      case "path" -> "(required)";
      case "cache.memory.size" -> "20 % of the maximum heap";
      default -> "(none)";
    };
  }

  /** Checks that the files exist that a page links to. */
  static void checkLinks(Path page) throws IOException {
    Pattern.compile("\\]\\((?!https?:)([^)#]+)")
        .matcher(Files.readString(page, UTF_8))
        .results()
        .forEach(
            link ->
                assertThat(page.getParent().resolve(link.group(1)))
                    .as("link in %s", page)
                    .exists());
  }
}
