// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import io.millrace.cache.compression.ChunkSource;
import io.millrace.cache.compression.CompressionData;
import io.millrace.cache.compression.CompressionMode;
import io.millrace.cache.compression.ExtentCompression;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** One kind of bytes, compressed and brought back by each {@link Way} in turn. */
final class CompressionCase {

  /** What is compared. */
  enum Way {
    /** A copy. */
    NONE("none"),
    /** One call of zstd, level 3, over all bytes, between arrays. */
    ZSTD("zstd-3"),
    /** The cache's own, {@code cache.compression = auto}, between chunks. */
    AUTO("auto");

    private final String label;

    Way(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  /**
   * What a way came to.
   *
   * @param ratio original by compressed bytes
   * @param compress MB/s of the original bytes and the thread's processor time, of each round
   * @param decompress the same, back
   */
  record Result(double ratio, Statistics compress, Statistics decompress) {}

  private static final ObjectLocation OBJECT = ObjectLocation.of("file:/benchmark");
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final String name;
  private final byte[] bytes;
  private final ByteChunks chunks;
  private final ByteChunks chunksBack;
  private final byte[] back;
  private final byte[] zstd;
  private final ZstdCompressCtx compressor;
  private final ZstdDecompressCtx decompressor;
  private final ExtentCompression auto;

  private int zstdLength;
  private ByteChunks stored;

  /** The contexts and the compression stay the caller's. */
  CompressionCase(
      String name,
      byte[] bytes,
      ZstdCompressCtx compressor,
      ZstdDecompressCtx decompressor,
      ExtentCompression auto) {
    if (auto.mode() != CompressionMode.AUTO) {
      throw new IllegalArgumentException("Cannot measure " + auto.mode());
    }
    this.name = name;
    this.bytes = bytes;
    this.chunks = CompressionData.chunks(bytes);
    this.chunksBack = ByteChunks.allocate(bytes.length);
    this.back = new byte[bytes.length];
    this.zstd = new byte[(int) Zstd.compressBound(bytes.length)];
    this.compressor = compressor;
    this.decompressor = decompressor;
    this.auto = auto;
    this.stored = chunks;
  }

  String name() {
    return name;
  }

  int length() {
    return bytes.length;
  }

  /** Measures all ways in each round. */
  Map<Way, Result> measure(int warmups, int rounds, long bytesARound)
      throws CorruptObjectException {
    int times = (int) Math.max(1, bytesARound / bytes.length);
    Map<Way, List<Double>> compress = new EnumMap<>(Way.class);
    Map<Way, List<Double>> decompress = new EnumMap<>(Way.class);
    for (int round = -warmups; round < rounds; round++) {
      for (Way way : Way.values()) {
        double there = time(times, () -> compress(way));
        double again = time(times, () -> decompress(way));
        if (round >= 0) {
          compress.computeIfAbsent(way, w -> new ArrayList<>()).add(there);
          decompress.computeIfAbsent(way, w -> new ArrayList<>()).add(again);
        }
      }
    }
    if (!Arrays.equals(back, bytes) || !Arrays.equals(chunksBack.copy(0, bytes.length), bytes)) {
      throw new IllegalStateException("Cannot measure " + name + ": other bytes came back");
    }
    Map<Way, Result> results = new EnumMap<>(Way.class);
    for (Way way : Way.values()) {
      results.put(
          way,
          new Result(
              (double) bytes.length / lengthOf(way),
              new Statistics(compress.get(way)),
              new Statistics(decompress.get(way))));
    }
    return results;
  }

  private interface Step {
    void run() throws CorruptObjectException;
  }

  private double time(int times, Step step) throws CorruptObjectException {
    long begin = THREADS.getCurrentThreadCpuTime();
    for (int i = 0; i < times; i++) {
      step.run();
    }
    long nanos = Math.max(1, THREADS.getCurrentThreadCpuTime() - begin);
    return 1e3 * times * bytes.length / nanos;
  }

  private void compress(Way way) {
    switch (way) {
      case NONE -> copy();
      case ZSTD ->
          zstdLength =
              compressor.compressByteArray(zstd, 0, zstd.length, bytes, 0, bytes.length);
      case AUTO -> stored = auto.compress(chunks, ChunkSource.ON_HEAP).orElse(chunks);
    }
  }

  private void decompress(Way way) throws CorruptObjectException {
    switch (way) {
      case NONE -> copy();
      case ZSTD -> decompressor.decompressByteArray(back, 0, back.length, zstd, 0, zstdLength);
      case AUTO -> {
        if (stored == chunks) {
          copy();
        } else {
          auto.decompress(OBJECT, 0, stored, chunksBack);
        }
      }
    }
  }

  private void copy() {
    for (int i = 0; i < chunks.chunks().length; i++) {
      byte[] from = chunks.chunks()[i];
      System.arraycopy(from, 0, chunksBack.chunks()[i], 0, from.length);
    }
  }

  private long lengthOf(Way way) {
    return switch (way) {
      case NONE -> bytes.length;
      case ZSTD -> zstdLength;
      case AUTO -> stored.length();
    };
  }
}
