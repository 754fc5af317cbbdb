// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * What a result file says, as far as a later run is compared with it.
 *
 * @param time when it was measured
 * @param machine where
 * @param settings how much
 * @param figures medians by name
 */
record EarlierResult(
    String time,
    Map<String, String> machine,
    Map<String, Double> settings,
    Map<String, Double> figures) {

  /**
   * Reads the result file of a benchmark.
   *
   * @throws IOException if it cannot be read or is something else
   */
  static EarlierResult read(Path file) throws IOException {
    String time = "";
    Map<String, String> machine = new LinkedHashMap<>();
    Map<String, Double> settings = new LinkedHashMap<>();
    Map<String, Double> figures = new LinkedHashMap<>();
    try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        switch (name) {
          case "time" -> time = json.getText();
          case "machine" -> machine.putAll(texts(json));
          case "settings" -> settings.putAll(numbers(json));
          case "figures" -> figures.putAll(numbers(json));
          default -> json.skipChildren();
        }
      }
    }
    if (figures.isEmpty()) {
      throw new IOException("Cannot compare with " + file + ": it has no figures");
    }
    return new EarlierResult(time, machine, settings, figures);
  }

  private static Map<String, String> texts(JsonParser json) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      texts.put(name, json.getText());
    }
    return texts;
  }

  private static Map<String, Double> numbers(JsonParser json) throws IOException {
    Map<String, Double> numbers = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      numbers.put(name, json.getDoubleValue());
    }
    return numbers;
  }

  /** Prints what differs in machine and settings, then each figure and its change. */
  void printChanges(BenchmarkResult now, PrintStream out) {
    out.printf("%nChange against %s%n", time);
    printDifferences(machine, now.machine(), out);
    printDifferences(settings, now.comparableSettings(), out);
    Map<String, Double> figuresNow = now.figures();
    for (Map.Entry<String, Double> figure : figuresNow.entrySet()) {
      Double before = figures.get(figure.getKey());
      if (before == null) {
        out.printf(Locale.ROOT, "%-40s %30s%n", figure.getKey(), "not there before");
      } else {
        out.printf(
            Locale.ROOT,
            "%-40s %,10.2f -> %,10.2f  %+6.1f %%%n",
            figure.getKey(),
            before,
            figure.getValue(),
            100 * (figure.getValue() / before - 1));
      }
    }
    for (String name : figures.keySet()) {
      if (!figuresNow.containsKey(name)) {
        out.printf(Locale.ROOT, "%-40s %30s%n", name, "no longer there");
      }
    }
  }

  private static void printDifferences(Map<String, ?> before, Map<String, ?> now, PrintStream out) {
    TreeSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(now.keySet());
    for (String name : names) {
      Object was = before.get(name);
      Object is = now.get(name);
      if (was == null || !was.equals(is)) {
        out.printf("  %s was %s, is %s%n", name, was, is);
      }
    }
  }
}
