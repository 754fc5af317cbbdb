// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.example;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** docs/harness.md shows the tests of this package as they are, and names what there is. */
@Tag("unit")
class HarnessPageTest {

  private static final Path PAGE = Path.of("../docs/harness.md");
  private static final Path HARNESS = Path.of("src/test/java/io/millrace/harness");
  private static final List<String> TAGS = List.of("it", "cluster", "s3", "hdfs", "slow");

  private static String page() throws IOException {
    return Files.readString(PAGE, UTF_8);
  }

  /** What stands between the marks of an example, without its indentation. */
  private static String marked(String example, String mark) throws IOException {
    String source = Files.readString(HARNESS.resolve("example/" + example + ".java"), UTF_8);
    String begin = "  // docs/harness.md: " + mark + "\n";
    int from = source.indexOf(begin);
    assertThat(from).as(begin).isNotNegative();
    String text = source.substring(from + begin.length(), source.indexOf("  // end\n", from));
    return text.stripTrailing().stripIndent() + "\n"; // an empty last line would be the margin
  }

  @Test
  void snippetsAreTheExamples() throws IOException {
    List<String> snippets =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(page())
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(snippets)
        .containsExactly(
            marked("ReadOnAClusterITCase", "cluster"),
            marked("ReadFromAFlakyOriginITCase", "faults"),
            marked("LeavesNothingITCase", "leaks"));
  }

  @Test
  void classesThatItNamesExist() throws IOException {
    List<String> names =
        Pattern.compile("(?m)^\\| `(\\w+)\\.(\\w+)`")
            .matcher(page())
            .results()
            .map(match -> match.group(1) + "/" + match.group(2))
            .toList();
    assertThat(names)
        .hasSizeGreaterThan(10)
        .allSatisfy(name -> assertThat(HARNESS.resolve(name + ".java")).isRegularFile());
  }

  @Test
  void itAndTheTestingPageNameTheTags() throws IOException {
    String testing = Files.readString(Path.of("../docs/testing.md"), UTF_8);
    assertThat(TAGS).allSatisfy(tag -> assertThat(testing).contains("| `" + tag + "` |"));
  }
}
