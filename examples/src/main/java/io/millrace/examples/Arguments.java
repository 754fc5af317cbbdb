// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.util.TimeUtils;

/** Arguments of a program by name. Every getter says which argument it cannot use, and why. */
final class Arguments {

  private final Map<String, String> values;

  private Arguments(Map<String, String> values) {
    this.values = values;
  }

  static Arguments parse(List<String> names, String... args) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      String name = args[i].startsWith("--") ? args[i].substring(2) : "";
      if (!names.contains(name)) {
        throw new IllegalArgumentException(
            "Cannot use argument '" + args[i] + "': known are " + dashed(names));
      }
      if (i + 1 == args.length) {
        throw new IllegalArgumentException("Cannot use " + args[i] + ": its value is missing");
      }
      values.put(name, args[i + 1]);
    }
    return new Arguments(Map.copyOf(values));
  }

  private static String dashed(List<String> names) {
    return names.stream().map(name -> "--" + name).collect(Collectors.joining(", "));
  }

  String text(String name, String defaultValue) {
    String value = values.getOrDefault(name, defaultValue);
    if (value.isBlank()) {
      throw unusable(name, "it is empty");
    }
    return value;
  }

  boolean isTrue(String name, boolean defaultValue) {
    String value = values.getOrDefault(name, Boolean.toString(defaultValue));
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw unusable(name, "it must be true or false");
    };
  }

  /** A number from 1 on. */
  int number(String name, int defaultValue, int most) {
    String value = values.get(name);
    if (value == null) {
      return defaultValue;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= 1 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw unusable(name, "it must be a number from 1 to " + most);
  }

  /** A time such as {@code 20ms}; a bare number counts milliseconds. */
  Duration duration(String name, Duration defaultValue, Duration most) {
    String value = values.get(name);
    if (value == null) {
      return defaultValue;
    }
    try {
      Duration duration = TimeUtils.parseDuration(value);
      if (duration.compareTo(most) <= 0) {
        return duration;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw unusable(
        name, "it must be a time such as 20ms, at most " + TimeUtils.formatWithHighestUnit(most));
  }

  /** A size such as {@code 64 mb}; empty if none is given or it is {@code auto}. */
  Optional<MemorySize> size(String name) {
    String value = values.getOrDefault(name, "auto");
    if (value.equals("auto")) {
      return Optional.empty();
    }
    try {
      return Optional.of(MemorySize.parse(value));
    } catch (IllegalArgumentException e) {
      throw unusable(name, "it must be auto or a size such as 64mb");
    }
  }

  private IllegalArgumentException unusable(String name, String reason) {
    return new IllegalArgumentException(
        "Cannot use --" + name + " = " + values.get(name) + ": " + reason);
  }
}
