// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import io.millrace.benchmark.CompressionCase.Result;
import io.millrace.benchmark.CompressionCase.Way;
import io.millrace.cache.compression.CompressionData;
import io.millrace.cache.compression.CompressionMode;
import io.millrace.cache.compression.ExtentCompression;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Ratio and speed of the cache's compression by kind of data, beside zstd alone and a copy: on
 * pieces of real tensors, text, a JPEG and noise, or on the files of a directory. {@code
 * docs/compression.md} says how to run it.
 */
public final class CompressionBenchmark {

  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("'compression-'yyyyMMdd'T'HHmmss'Z.json'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final int ZSTD_LEVEL = 3;

  private CompressionBenchmark() {}

  /**
   * What is measured, and how long.
   *
   * @param data a directory of files; null for what comes with the code
   * @param results where the result file goes
   * @param bytesARound how many bytes each way works on in each round
   */
  record Settings(Path data, Path results, int warmups, int rounds, long bytesARound) {

    static Settings from(Properties properties) {
      String data = properties.getProperty("benchmark.data", "");
      return new Settings(
          data.isBlank() ? null : Path.of(data),
          Path.of(properties.getProperty("benchmark.results", "benchmark-results")),
          number(properties, "benchmark.warmups", 5),
          number(properties, "benchmark.rounds", 5),
          1_000_000L * number(properties, "benchmark.megabytes", 20));
    }

    private static int number(Properties properties, String name, int otherwise) {
      String value = properties.getProperty(name, "");
      return value.isBlank() ? otherwise : Integer.parseInt(value);
    }
  }

  /** Takes its settings from the system properties {@code benchmark.*}. */
  public static void main(String[] arguments) throws IOException {
    run(Settings.from(System.getProperties()), System.out);
  }

  /** Measures, prints, and returns the result file. */
  static Path run(Settings settings, PrintStream out) throws IOException {
    Instant time = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Map<String, byte[]> data = settings.data == null ? ownData() : files(settings.data);
    Path file = Files.createDirectories(settings.results).resolve(NAME.format(time));
    out.println("| kind | bytes | zstd-3 ratio | ratio | compressing / zstd-3 | decompressing / zstd-3 |");
    out.println("| --- | --- | --- | --- | --- | --- |");
    try (ZstdCompressCtx compressor = new ZstdCompressCtx().setLevel(ZSTD_LEVEL);
        ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
        ExtentCompression auto = new ExtentCompression(CompressionMode.AUTO);
        JsonGenerator json =
            new JsonFactory()
                .createGenerator(file.toFile(), JsonEncoding.UTF8)
                .setPrettyPrinter(new DefaultPrettyPrinter())) {
      begin(json, time, settings);
      for (Map.Entry<String, byte[]> kind : data.entrySet()) {
        CompressionCase one =
            new CompressionCase(kind.getKey(), kind.getValue(), compressor, decompressor, auto);
        Map<Way, Result> results =
            one.measure(settings.warmups, settings.rounds, settings.bytesARound);
        print(one, results, out);
        write(one, results, json);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    out.printf("%nEvery value: %s%n", file.toAbsolutePath());
    return file;
  }

  private static Map<String, byte[]> ownData() throws IOException {
    Map<String, byte[]> data = new LinkedHashMap<>();
    for (String tensor : CompressionData.TENSORS) {
      data.put(tensor, CompressionData.tensor(tensor));
    }
    data.put("text", CompressionData.text(1_000_000));
    data.put("jpeg", jpeg());
    data.put("noise", CompressionData.noise(1_000_000));
    return data;
  }

  /** A picture of soft shapes with some grain. */
  private static byte[] jpeg() throws IOException {
    Random random = new Random(1);
    BufferedImage image = new BufferedImage(800, 600, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int red = (int) (128 + 90 * Math.sin(x / 41.0) + random.nextInt(25));
        int green = (int) (128 + 90 * Math.cos((x + y) / 67.0) + random.nextInt(25));
        int blue = (int) (128 + 90 * Math.sin(y / 29.0) + random.nextInt(25));
        image.setRGB(x, y, red << 16 | green << 8 | blue);
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (!ImageIO.write(image, "jpg", bytes)) {
      throw new IOException("Cannot write a JPEG: this Java has no writer for it");
    }
    return bytes.toByteArray();
  }

  private static Map<String, byte[]> files(Path directory) throws IOException {
    Map<String, byte[]> data = new LinkedHashMap<>();
    List<Path> files;
    try (Stream<Path> listed = Files.list(directory)) {
      files = listed.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      if (bytes.length > 0) {
        data.put(file.getFileName().toString(), bytes);
      }
    }
    if (data.isEmpty()) {
      throw new IOException("Cannot measure files of " + directory + ": there are none");
    }
    return data;
  }

  private static void print(CompressionCase one, Map<Way, Result> results, PrintStream out) {
    Result zstd = results.get(Way.ZSTD);
    Result auto = results.get(Way.AUTO);
    out.printf(
        Locale.ROOT,
        "| %s | %,d | %.3f | %.3f | %.2f | %.2f |%n",
        one.name(),
        one.length(),
        zstd.ratio(),
        auto.ratio(),
        auto.compress().pairedRatio(zstd.compress()).median(),
        auto.decompress().pairedRatio(zstd.decompress()).median());
  }

  private static void begin(JsonGenerator json, Instant time, Settings settings)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("benchmark", "compression");
    json.writeStringField("time", time.toString());
    json.writeObjectFieldStart("machine");
    for (Map.Entry<String, String> entry : Machine.describe().entrySet()) {
      json.writeStringField(entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
    json.writeObjectFieldStart("settings");
    json.writeNumberField("warmups", settings.warmups);
    json.writeNumberField("rounds", settings.rounds);
    json.writeNumberField("bytesARound", settings.bytesARound);
    json.writeEndObject();
    json.writeArrayFieldStart("kinds");
  }

  private static void write(CompressionCase one, Map<Way, Result> results, JsonGenerator json)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("kind", one.name());
    json.writeNumberField("bytes", one.length());
    for (Map.Entry<Way, Result> result : results.entrySet()) {
      json.writeObjectFieldStart(result.getKey().label());
      json.writeNumberField("ratio", result.getValue().ratio());
      write("compressMegabytesPerSecond", result.getValue().compress(), json);
      write("decompressMegabytesPerSecond", result.getValue().decompress(), json);
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void write(String name, Statistics speeds, JsonGenerator json)
      throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("median", speeds.median());
    json.writeNumberField("min", speeds.min());
    json.writeNumberField("max", speeds.max());
    json.writeArrayFieldStart("values");
    for (double value : speeds.values()) {
      json.writeNumber(value);
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
