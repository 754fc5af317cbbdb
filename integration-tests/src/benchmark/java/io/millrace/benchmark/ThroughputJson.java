// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes a result to a file, with every value of every run. */
final class ThroughputJson {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final JsonGenerator json;

  private ThroughputJson(JsonGenerator json) {
    this.json = json;
  }

  /** Writes {@code throughput-<time>.json} into the directory of the settings, and returns it. */
  static Path write(Throughput result) throws IOException {
    return write("throughput", result);
  }

  /** The same for another benchmark of throughput, whose name the file begins with. */
  static Path write(String benchmark, Throughput result) throws IOException {
    Path directory = Files.createDirectories(result.settings().results());
    Path file = directory.resolve(benchmark + "-" + TIME.format(result.time()) + ".json");
    try (JsonGenerator json =
        new JsonFactory()
            .createGenerator(file.toFile(), JsonEncoding.UTF8)
            .setPrettyPrinter(new DefaultPrettyPrinter())) {
      new ThroughputJson(json).write0(benchmark, result);
    }
    return file;
  }

  private void write0(String benchmark, Throughput result) throws IOException {
    json.writeStartObject();
    json.writeStringField("benchmark", benchmark);
    json.writeStringField("time", result.time().toString());
    json.writeObjectFieldStart("machine");
    for (Map.Entry<String, String> entry : result.machine().entrySet()) {
      json.writeStringField(entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
    writeNumbers("settings", result.comparableSettings());
    writeNumbers("figures", result.figures());
    json.writeArrayFieldStart("ratios");
    for (Ratio ratio : result.ratios()) {
      write(ratio);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("variants");
    for (VariantResult variant : result.variants()) {
      write(variant);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void writeNumbers(String name, Map<String, Double> numbers) throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, Double> entry : numbers.entrySet()) {
      json.writeNumberField(entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
  }

  private void write(Ratio ratio) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", ratio.id());
    json.writeNumberField("aim", ratio.aim());
    json.writeBooleanField("reached", ratio.reached());
    write("ratio", ratio.values());
    json.writeEndObject();
  }

  private void write(VariantResult variant) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", variant.id());
    json.writeNumberField("samples", variant.samples());
    json.writeNumberField("payloadBytes", variant.payloadBytes());
    write("megabytesPerSecond", variant.megabytesPerSecond());
    write("samplesPerSecond", variant.samplesPerSecond());
    write("jobMegabytesPerSecond", variant.jobMegabytesPerSecond());
    write("processors", variant.processors());
    write("firstRecordMillis", variant.firstRecordMillis());
    json.writeArrayFieldStart("runs");
    for (Measurement run : variant.runs()) {
      write(run);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void write(Measurement run) throws IOException {
    json.writeStartObject();
    json.writeNumberField("edgeEpochs", run.edgeEpochs());
    writeArray("epochNanos", run.epochNanos());
    json.writeNumberField("firstRecordNanos", run.firstRecordNanos());
    json.writeNumberField("wallNanos", run.wallNanos());
    json.writeNumberField("cpuNanos", run.cpuNanos());
    if (run.hitRate() != null) {
      json.writeNumberField("hitRate", run.hitRate());
    }
    json.writeEndObject();
  }

  private void write(String name, Statistics statistics) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("median", statistics.median());
    json.writeNumberField("min", statistics.min());
    json.writeNumberField("max", statistics.max());
    json.writeArrayFieldStart("values");
    for (double value : statistics.values()) {
      json.writeNumber(value);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void writeArray(String name, List<Long> values) throws IOException {
    json.writeArrayFieldStart(name);
    for (long value : values) {
      json.writeNumber(value);
    }
    json.writeEndArray();
  }
}
