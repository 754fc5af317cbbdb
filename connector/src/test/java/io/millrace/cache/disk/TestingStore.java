// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import io.millrace.cache.AccessPlan;
import io.millrace.cache.Extent;
import io.millrace.cache.TimeToLive;
import io.millrace.cache.compression.CompressionMode;
import io.millrace.cache.compression.ExtentCompression;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** A store in a directory, with the lock on it, and extents whose bytes follow from their name. */
final class TestingStore implements AutoCloseable {

  final StoreDirectory directory;
  final SegmentStore store;
  final TimeToLive ttl;
  private final ExtentCompression compression;

  private TestingStore(
      StoreDirectory directory, SegmentStore store, TimeToLive ttl, ExtentCompression compression) {
    this.directory = directory;
    this.store = store;
    this.ttl = ttl;
    this.compression = compression;
  }

  static TestingStore open(Path parent, String policy, long capacity, DiskFiles files)
      throws IOException {
    return open(parent, policy, capacity, files, CompressionMode.NONE);
  }

  static TestingStore open(
      Path parent, String policy, long capacity, DiskFiles files, CompressionMode mode)
      throws IOException {
    return open(parent, policy, capacity, files, mode, List.of());
  }

  static TestingStore open(
      Path parent,
      String policy,
      long capacity,
      DiskFiles files,
      CompressionMode mode,
      List<AccessPlan> plans)
      throws IOException {
    TimeToLive noLimit = TestingClock.Time.NO_LIMIT.toTimeToLive();
    return open(parent, policy, capacity, files, mode, plans, noLimit);
  }

  static TestingStore open(
      Path parent,
      String policy,
      long capacity,
      DiskFiles files,
      CompressionMode mode,
      List<AccessPlan> plans,
      TimeToLive ttl)
      throws IOException {
    ExtentCompression compression = new ExtentCompression(mode);
    StoreDirectory directory = StoreDirectory.claim(parent, files);
    boolean done = false;
    try {
      SegmentStore store =
          StoreLoader.open(
              directory,
              new DiskVolume.Setup(
                  settings(capacity, parent),
                  policy,
                  ttl,
                  StoreLimits.of(capacity, policy.equals("plan"), 1 << 30),
                  files,
                  compression,
                  () -> true,
                  new HeapScratch(),
                  DiskVolume.Timing.USUAL),
              plans);
      done = true;
      return new TestingStore(directory, store, ttl, compression);
    } finally {
      if (!done) {
        directory.close();
      }
    }
  }

  static DiskSettings settings(long size, Path... directories) {
    return new DiskSettings(List.of(directories), size, 0, Duration.ofDays(7), LocalFiles.ALWAYS);
  }

  private static final class HeapScratch implements RecordIo.Scratch {
    @Override
    public ByteChunks allocate(long length) {
      return ByteChunks.allocate(length);
    }

    @Override
    public void release(ByteChunks memory) {}
  }

  boolean write(Extent extent) throws IOException {
    return write(extent, ttl.now());
  }

  boolean write(Extent extent, long fetchedNanos) throws IOException {
    return store.write(extent, bytesOf(extent), fetchedNanos, List.of());
  }

  /** Whether it is there, after checking that it is right if it is. */
  boolean read(Extent extent) throws IOException {
    ByteChunks target = ByteChunks.allocate(extent.length());
    boolean found = store.read(extent, target).isPresent();
    if (found && !isRight(extent, target)) {
      throw new AssertionError("Wrong bytes served of " + extent);
    }
    return found;
  }

  static Extent extent(int number, long length) {
    return new Extent(
        ObjectLocation.of("s3://bucket/data/shard." + number),
        new ObjectVersion(length + 7, 1234, "tag"),
        7,
        length);
  }

  /** Made up, but not compressible. */
  static ByteChunks bytesOf(Extent extent) {
    ByteChunks bytes = ByteChunks.allocate(extent.length());
    fill(extent, bytes);
    return bytes;
  }

  static void fill(Extent extent, ByteChunks target) {
    Random random = new Random(extent.hashCode());
    for (ByteChunks.Segment s = target.first(0, target.length()); s != null; s = s.next()) {
      byte[] part = new byte[s.length()];
      random.nextBytes(part);
      System.arraycopy(part, 0, s.array(), s.offset(), part.length);
    }
  }

  static boolean isRight(Extent extent, ByteChunks bytes) {
    return Arrays.equals(
        bytes.copy(0, (int) bytes.length()), bytesOf(extent).copy(0, (int) extent.length()));
  }

  static long recordBytes(Extent extent) {
    return RecordHeader.recordBytes(
        RecordHeader.FIXED_LENGTH
            + extent.object().uri().length()
            + extent.version().tag().length(),
        extent.length());
  }

  /** What lies in the directory, in blocks of 4 KiB. */
  static long bytesOnDisk(Path parent) throws IOException {
    try (Stream<Path> files = Files.walk(parent)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().endsWith(".seg"))
          .mapToLong(file -> (file.toFile().length() + 4095) / 4096 * 4096)
          .sum();
    }
  }

  @Override
  public void close() {
    store.close();
    directory.close();
    compression.close();
  }
}
