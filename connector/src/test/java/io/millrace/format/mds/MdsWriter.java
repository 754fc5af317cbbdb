// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import com.github.luben.zstd.Zstd;
import io.millrace.format.codec.CompressionSpec;
import io.millrace.format.hash.ContentHasher;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.snappy.SnappyCompressorOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes MDS datasets as MosaicML Streaming's MDSWriter does: for tests and benchmarks. Holds one
 * sample in memory while it writes, and one shard while it compresses.
 *
 * <pre>{@code
 * try (MdsWriter writer = new MdsWriter(directory, Map.of("image", "bytes", "label", "int"))
 *     .compression("zstd").hashes("xxh64").shardBytes(64 << 20)) {
 *   writer.write(Map.of("image", bytes, "label", 7));
 * }
 * }</pre>
 */
public final class MdsWriter implements Closeable {

  private final Path directory;
  private final String[] names;
  private final String[] encodings;
  private final int[] sizes;
  private final List<Map<String, @Nullable Object>> shards = new ArrayList<>();
  private @Nullable CompressionSpec compression;
  private List<String> hashes = List.of();
  private long shardBytes = 64 << 20;

  private byte @Nullable [] configBytes;
  private @Nullable OutputStream samples;
  private int[] ends = new int[64];
  private int count;
  private long sampleBytes;

  /**
   * Makes a writer of raw shards of 64 MiB without hashes.
   *
   * @param directory made if it is not there
   * @param columns encoding by name
   */
  public MdsWriter(Path directory, Map<String, String> columns) throws IOException {
    this.directory = Files.createDirectories(directory);
    this.names =
        columns.keySet().stream()
            .sorted(Comparator.comparing(MdsWriter::utf8, Arrays::compareUnsigned))
            .toArray(String[]::new);
    this.encodings = Arrays.stream(names).map(columns::get).toArray(String[]::new);
    this.sizes =
        Arrays.stream(encodings).mapToInt(text -> Encoding.parse(text).fixedSize()).toArray();
  }

  /**
   * Compresses shards: {@code zstd}, {@code gz}, {@code bz2}, {@code snappy}, with a level or not.
   */
  public MdsWriter compression(String text) {
    compression = CompressionSpec.parse(text);
    return this;
  }

  /** Publishes hashes of these algorithms. */
  public MdsWriter hashes(String... algorithms) {
    hashes = Arrays.stream(algorithms).sorted().toList();
    return this;
  }

  /** Adds to the dataset that is there: its shards stay as they are, and new ones follow. */
  @SuppressWarnings("unchecked")
  public MdsWriter appending() throws IOException {
    Map<String, Object> index = TestJson.object(Files.readString(indexFile()));
    shards.addAll((List<Map<String, @Nullable Object>>) index.get("shards"));
    return this;
  }

  /** Begins a new shard where a sample would make the raw shard larger than this. */
  public MdsWriter shardBytes(long bytes) {
    shardBytes = bytes;
    return this;
  }

  /** Writes a sample: a value for each column, as a Sample has it, or its stored bytes. */
  public void write(Map<String, ?> values) throws IOException {
    byte[][] encoded = new byte[names.length][];
    for (int i = 0; i < names.length; i++) {
      encoded[i] = MdsValues.encode(encodings[i], values.get(names[i]));
    }
    writeEncoded(encoded);
  }

  /** Writes a sample of stored bytes, in order of the columns' names. */
  public void writeEncoded(byte[]... values) throws IOException {
    long length = 0;
    for (int i = 0; i < names.length; i++) {
      length += values[i].length + (sizes[i] == 0 ? Integer.BYTES : 0);
    }
    if (count > 0 && headBytes(count + 1) + sampleBytes + length > shardBytes) {
      endShard();
    }
    if (samples == null) {
      samples = new BufferedOutputStream(Files.newOutputStream(spill()), 1 << 20);
    }
    for (int i = 0; i < names.length; i++) {
      if (sizes[i] == 0) {
        samples.write(MdsValues.word(values[i].length));
      }
    }
    for (byte[] value : values) {
      samples.write(value);
    }
    sampleBytes += length;
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, 2 * count);
    }
    ends[count++] = Math.toIntExact(sampleBytes);
  }

  /** Ends the shard at hand; without a sample it is an empty one. */
  public void endShard() throws IOException {
    if (samples != null) {
      samples.close();
    }
    String name = "shard.%05d.mds".formatted(shards.size());
    Path raw = directory.resolve(name);
    byte[] config = configBytes();
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(raw), 1 << 20)) {
      out.write(MdsValues.word(count));
      long begin = OffsetTable.end(count) + config.length;
      out.write(MdsValues.word(begin));
      for (int i = 0; i < count; i++) {
        out.write(MdsValues.word(begin + ends[i]));
      }
      out.write(config);
      if (samples != null) {
        Files.copy(spill(), out);
        Files.delete(spill());
      }
    }
    Map<String, @Nullable Object> shard = new TreeMap<>(config());
    shard.put("samples", count);
    shard.put("raw_data", file(raw));
    shard.put("zip_data", null);
    if (compression != null) {
      Path zip = directory.resolve(name + compression.compression().suffix());
      Files.write(zip, compress(compression, Files.readAllBytes(raw)));
      Files.delete(raw);
      shard.put("zip_data", file(zip));
    }
    shards.add(shard);
    samples = null;
    count = 0;
    sampleBytes = 0;
  }

  /** Ends the last shard and writes the index. */
  @Override
  public void close() throws IOException {
    if (count > 0) {
      endShard();
    }
    Map<String, Object> index = new TreeMap<>(Map.of("shards", shards, "version", 2));
    Files.writeString(indexFile(), TestJson.write(index));
  }

  private Path indexFile() {
    return directory.resolve("index.json");
  }

  private Path spill() {
    return directory.resolve("samples.tmp");
  }

  private long headBytes(int samplesInShard) {
    return OffsetTable.end(samplesInShard) + configBytes().length;
  }

  private byte[] configBytes() {
    if (configBytes == null) {
      configBytes = utf8(TestJson.write(config()));
    }
    return configBytes;
  }

  private Map<String, @Nullable Object> config() {
    Map<String, @Nullable Object> config = new TreeMap<>();
    config.put("version", 2);
    config.put("format", "mds");
    config.put("column_names", List.of(names));
    config.put("column_encodings", List.of(encodings));
    config.put(
        "column_sizes", IntStream.of(sizes).mapToObj(size -> size == 0 ? null : size).toList());
    config.put("compression", compression == null ? null : compression.toString());
    config.put("hashes", hashes);
    config.put("size_limit", shardBytes);
    return config;
  }

  private Map<String, Object> file(Path file) throws IOException {
    Map<String, Object> digests = new TreeMap<>();
    for (String algorithm : hashes) {
      digests.put(algorithm, digest(algorithm, file));
    }
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("basename", file.getFileName().toString());
    entry.put("bytes", Files.size(file));
    entry.put("hashes", digests);
    return entry;
  }

  /** The digest of a file. */
  static String digest(String algorithm, Path file) throws IOException {
    ContentHasher hasher = ContentHasher.of(algorithm);
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        hasher.update(buffer, 0, read);
      }
    }
    return hasher.hexDigest();
  }

  /** Compresses as the reference does, but for brotli, of which there is no encoder here. */
  static byte[] compress(CompressionSpec spec, byte[] raw) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    switch (spec.compression()) {
      case ZSTD -> out.writeBytes(Zstd.compress(raw, spec.level()));
      case GZIP -> {
        try (OutputStream gzip = new GZIPOutputStream(out)) {
          gzip.write(raw);
        }
      }
      case BZIP2 -> {
        try (OutputStream bzip2 = new BZip2CompressorOutputStream(out, spec.level())) {
          bzip2.write(raw);
        }
      }
      case SNAPPY -> {
        try (OutputStream snappy = new SnappyCompressorOutputStream(out, raw.length)) {
          snappy.write(raw);
        }
      }
      case BROTLI -> throw new IllegalArgumentException("Cannot compress with brotli");
    }
    return out.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
