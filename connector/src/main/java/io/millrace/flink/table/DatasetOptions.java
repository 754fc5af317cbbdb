// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import io.millrace.flink.scan.DatasetPart;
import io.millrace.flink.scan.DatasetSpec;
import io.millrace.flink.scan.MillraceOptions;
import io.millrace.format.aligned.FieldNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.table.api.ValidationException;
import org.jspecify.annotations.Nullable;

/**
 * The options of a table that say which dataset it is: {@code path} and {@code format}, the names
 * of its fields, and further datasets under {@code align.NAME.} with the same options each.
 */
final class DatasetOptions {

  /** Prefix of the options of a dataset that is aligned with the table's. */
  static final String ALIGN = "align.";

  /** Option of a dataset: what is put, with a dot, before the names of its fields. */
  static final String PREFIX = "prefix";

  /** Prefix of a dataset's options that give a field, whose name follows, another one. */
  static final String RENAME = "rename.";

  private static final Pattern ALIGNED =
      Pattern.compile("align\\.(?<name>[A-Za-z0-9_-]+)\\.(?<option>.+)", Pattern.DOTALL);

  private DatasetOptions() {}

  /**
   * The dataset that a table's options name.
   *
   * @throws ValidationException naming the option that cannot be used
   * @throws IllegalArgumentException if a path cannot be used
   */
  static DatasetSpec of(Map<String, String> options) {
    Map<String, String> own = new HashMap<>();
    Map<String, Map<String, String>> aligned = new TreeMap<>();
    options.forEach(
        (key, value) -> {
          if (key.startsWith(ALIGN)) {
            Matcher matcher = ALIGNED.matcher(key);
            if (!matcher.matches()) {
              throw unknown(key);
            }
            aligned
                .computeIfAbsent(matcher.group("name"), name -> new HashMap<>())
                .put(matcher.group("option"), value);
          } else {
            own.put(key, value);
          }
        });
    List<DatasetPart> parts = new ArrayList<>();
    parts.add(part("", own));
    aligned.forEach(
        (name, part) -> {
          String at = ALIGN + name + ".";
          part.keySet().stream()
              .filter(option -> !isOfDataset(option))
              .findFirst()
              .ifPresent(
                  option -> {
                    throw unknown(at + option);
                  });
          parts.add(part(at, part));
        });
    return new DatasetSpec(parts);
  }

  private static boolean isOfDataset(String option) {
    return option.equals(MillraceOptions.PATH.key())
        || option.equals(MillraceOptions.FORMAT.key())
        || option.equals(PREFIX)
        || (option.startsWith(RENAME) && option.length() > RENAME.length());
  }

  private static DatasetPart part(String at, Map<String, String> options) {
    String path = options.get(MillraceOptions.PATH.key());
    if (isBlank(path)) {
      throw new ValidationException(
          "Option '" + at + "path' is missing: set it to the root directory of a dataset");
    }
    Map<String, String> renamed = new HashMap<>();
    options.forEach(
        (key, value) -> {
          if (key.startsWith(RENAME)) {
            if (key.length() == RENAME.length()) {
              throw new ValidationException(
                  "Option '" + at + key + "' names no field: its key is rename.FIELD");
            }
            if (value.isBlank()) {
              throw new ValidationException("Option '" + at + key + "' has no name");
            }
            renamed.put(key.substring(RENAME.length()), value);
          }
        });
    DatasetPart plain =
        DatasetPart.of(
            Objects.requireNonNull(path),
            options.getOrDefault(MillraceOptions.FORMAT.key(), DatasetPart.AUTO));
    return new DatasetPart(
        plain.roots(), plain.format(), new FieldNames(options.getOrDefault(PREFIX, ""), renamed));
  }

  private static boolean isBlank(@Nullable String text) {
    return text == null || text.isBlank();
  }

  private static ValidationException unknown(String key) {
    return new ValidationException(
        "Unsupported option '"
            + key
            + "': of a dataset that is aligned with the table's there are align.NAME.path,"
            + " align.NAME.format, align.NAME.prefix and align.NAME.rename.FIELD, where NAME is any"
            + " word of letters, digits, - and _");
  }
}
