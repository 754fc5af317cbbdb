// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.leak;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the JVM's histogram of classes. */
final class Histogram {

  private static final Pattern LINE =
      Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+(\\S+)(?:\\s+\\(.*\\))?\\s*");

  private Histogram() {}

  /** Instances by class; several classes of one name, of different loaders, are added up. */
  static Map<String, Long> parse(String text) {
    Map<String, Long> instances = new HashMap<>();
    for (String line : text.lines().toList()) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        instances.merge(matcher.group(2), Long.parseLong(matcher.group(1)), Long::sum);
      }
    }
    return instances;
  }
}
