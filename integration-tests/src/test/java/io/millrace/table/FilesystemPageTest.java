// SPDX-License-Identifier: Apache-2.0
package io.millrace.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.connector.file.table.FileSystemTableFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The page for those who use Flink's filesystem connector has a line for each of its options. */
@Tag("unit")
class FilesystemPageTest {

  @Test
  void eachOptionOfFlinkHasALine() throws IOException {
    FileSystemTableFactory factory = new FileSystemTableFactory();
    List<String> options =
        Stream.concat(factory.requiredOptions().stream(), factory.optionalOptions().stream())
            .map(ConfigOption::key)
            .toList();
    String page = Files.readString(Path.of("../docs/coming-from-flink-filesystem.md"), UTF_8);
    String table = page.substring(page.indexOf("\n## Options\n"), page.indexOf("\n## Metadata\n"));
    List<String> lines =
        Pattern.compile("(?m)^\\| `([^`]+)` \\| \\S")
            .matcher(table)
            .results()
            .map(line -> line.group(1))
            .toList();

    assertThat(lines).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(options);
  }
}
