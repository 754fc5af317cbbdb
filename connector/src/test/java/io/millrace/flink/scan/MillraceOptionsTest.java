// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.description.HtmlFormatter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class MillraceOptionsTest {

  @Test
  void hasTheseKeysAndDefaults() {
    Map<String, Object> defaults = new LinkedHashMap<>();
    for (ConfigOption<?> option : MillraceOptions.all()) {
      defaults.put(option.key(), option.hasDefaultValue() ? option.defaultValue() : "(none)");
    }
    assertThat(defaults)
        .containsExactly(
            entry("path", "(none)"),
            entry("format", "auto"),
            entry("scan.epochs", "1"),
            entry("scan.shuffle", false),
            entry("scan.shuffle.seed", 0L),
            entry("scan.shuffle.window", 16),
            entry("scan.start.epoch", 0),
            entry("scan.start.position", 0L),
            entry("scan.epoch-barrier", false),
            entry("scan.assignment", "sticky"),
            entry("scan.verify-hashes", true),
            entry("scan.discovery.interval", "(none)"),
            entry("scan.restore.on-change", "fail"),
            entry("scan.on-error", "fail"),
            entry("scan.on-error.max-skipped", "1 %"),
            entry("cache.policy", "plan"),
            entry("cache.memory.size", "(none)"),
            entry("cache.ttl", "(none)"),
            entry("cache.disk.dir", "(none)"),
            entry("cache.disk.size", MemorySize.parse("10 gb")),
            entry("cache.disk.min-free", "10 %"),
            entry("cache.disk.retention", Duration.ofDays(7)),
            entry("cache.local-files", "auto"),
            entry("cache.compression", "auto"),
            entry("prefetch.budget", "auto"),
            entry("prefetch.max-requests", 64),
            entry("storage.request-timeout", Duration.ofSeconds(30)),
            entry("storage.retry.timeout", Duration.ofMinutes(10)),
            entry("storage.max-requests-per-second", "(none)"),
            entry("storage.hedging", true));
  }

  @Test
  void listsAndDescribesEveryOption() {
    long declared =
        Arrays.stream(MillraceOptions.class.getFields())
            .filter(field -> Modifier.isStatic(field.getModifiers()))
            .filter(field -> field.getType() == ConfigOption.class)
            .count();
    assertThat(MillraceOptions.all()).hasSize((int) declared).doesNotHaveDuplicates();
    HtmlFormatter formatter = new HtmlFormatter();
    assertThat(MillraceOptions.all())
        .allSatisfy(
            option ->
                assertThat(formatter.format(option.description())).as(option.key()).endsWith("."));
  }
}
