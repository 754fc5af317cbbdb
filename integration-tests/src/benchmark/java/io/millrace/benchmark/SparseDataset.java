// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Raw MDS whose files are sparse: each sample is a number and a run of zeros, which takes no time
 * to write and next to no room on a disk, but is read, kept and counted like any other bytes. For
 * what does not depend on the values of bytes; not for compression.
 *
 * @param directory where it lies
 * @param shards number of shards
 * @param samplesPerShard samples of each
 * @param zerosPerSample bytes of a sample beside its number
 */
record SparseDataset(Path directory, int shards, int samplesPerShard, int zerosPerSample) {

  /** The column of the numbers, which count the samples from 0. */
  static final String NUMBER = "number";

  /** At scale 1 a sample is of 100 KiB, and 41 of them are a unit of 4 MiB. */
  private static final int FULL_SAMPLE_BYTES = 100 << 10;

  private static final int UNIT_SAMPLES = 41;
  private static final int UNITS_PER_SHARD = 16;
  private static final int FULL_SHARDS = 64;
  private static final int UNITS = FULL_SHARDS * UNITS_PER_SHARD;
  private static final int MIN_SAMPLE_BYTES = 256;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What a sample takes beside its zeros: their length, and the number. */
  private static final int SAMPLE_HEAD_BYTES = Integer.BYTES + Long.BYTES;

  /**
   * Writes a dataset of 4.3 GB in 64 shards of 16 units each at scale 1, in more shards above;
   * below it has as many units, smaller ones, of which each is a shard: a cache of some share of it
   * then holds as many as at full scale.
   */
  static SparseDataset write(Path directory, double scale) throws IOException {
    SparseDataset dataset =
        scale >= 1
            ? new SparseDataset(
                directory,
                (int) Math.round(FULL_SHARDS * scale),
                UNITS_PER_SHARD * UNIT_SAMPLES,
                FULL_SAMPLE_BYTES)
            : new SparseDataset(
                directory,
                UNITS,
                UNIT_SAMPLES,
                (int) Math.max(MIN_SAMPLE_BYTES, FULL_SAMPLE_BYTES * scale));
    dataset.write();
    return dataset;
  }

  /** Samples of an epoch. */
  long samples() {
    return (long) shards * samplesPerShard;
  }

  /** Bytes of all shards. */
  long storedBytes() {
    return shards * shardBytes();
  }

  /** Bytes of a unit, at most. */
  long unitBytes() {
    return UNIT_SAMPLES * (long) (SAMPLE_HEAD_BYTES + zerosPerSample) + head().length;
  }

  private long shardBytes() {
    return head().length + (long) samplesPerShard * (SAMPLE_HEAD_BYTES + zerosPerSample);
  }

  private void write() throws IOException {
    Files.createDirectories(directory);
    List<Map<String, @Nullable Object>> entries = new ArrayList<>();
    byte[] head = head();
    long bytes = shardBytes();
    for (int shard = 0; shard < shards; shard++) {
      String name = String.format(Locale.ROOT, "shard.%05d.mds", shard);
      write(directory.resolve(name), head, (long) shard * samplesPerShard);
      Map<String, @Nullable Object> entry = new LinkedHashMap<>(config());
      entry.put("samples", samplesPerShard);
      entry.put("raw_data", Map.of("basename", name, "bytes", bytes, "hashes", Map.of()));
      entry.put("zip_data", null);
      entries.add(entry);
    }
    JSON.writeValue(
        directory.resolve("index.json").toFile(), Map.of("version", 2, "shards", entries));
  }

  private void write(Path file, byte[] head, long firstNumber) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(head));
      ByteBuffer between = littleEndian(SAMPLE_HEAD_BYTES);
      channel.write(littleEndian(Integer.BYTES).putInt(zerosPerSample).flip());
      for (int sample = 0; sample < samplesPerShard; sample++) {
        channel.position(channel.position() + zerosPerSample);
        between.clear().putLong(firstNumber + sample);
        if (sample + 1 < samplesPerShard) {
          between.putInt(zerosPerSample);
        }
        channel.write(between.flip());
      }
    }
  }

  /** The number of samples, where each begins and the last one ends, and the columns. */
  private byte[] head() {
    byte[] config;
    try {
      config = JSON.writeValueAsBytes(config());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    int tableBytes = Integer.BYTES * (samplesPerShard + 2);
    int headBytes = tableBytes + config.length;
    long offset = headBytes;
    byte[] head = new byte[headBytes];
    ByteBuffer target = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    target.putInt(samplesPerShard);
    for (int sample = 0; sample <= samplesPerShard; sample++) {
      target.putInt(Math.toIntExact(offset));
      offset += SAMPLE_HEAD_BYTES + zerosPerSample;
    }
    target.put(config);
    return head;
  }

  private static Map<String, @Nullable Object> config() {
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    config.put("version", 2);
    config.put("format", "mds");
    config.put("column_names", List.of("data", NUMBER));
    config.put("column_encodings", List.of("bytes", "int"));
    config.put("column_sizes", Arrays.asList(null, Long.BYTES));
    config.put("compression", null);
    config.put("hashes", List.of());
    config.put("size_limit", 1 << 26);
    return config;
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
