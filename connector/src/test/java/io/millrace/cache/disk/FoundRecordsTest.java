// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cache.Extent;
import io.millrace.cache.compression.CompressionMode;
import io.millrace.storage.ByteChunks;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that an earlier version wrote, and several of the same extent. */
@Tag("unit")
final class FoundRecordsTest {

  private static final long CAPACITY = 1 << 20;
  private static final Duration YEAR = Duration.ofDays(365);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Extent EXTENT = TestingStore.extent(1, 1000);

  @TempDir Path directory;

  private final TestingClock clock = new TestingClock();

  private TestingStore open(Duration limit) throws Exception {
    return TestingStore.open(
        directory,
        "plan",
        CAPACITY,
        DiskFiles.REAL,
        CompressionMode.NONE,
        List.of(),
        clock.ttl(limit));
  }

  /** As it was written before records had the time of their fetch. */
  private static byte[] recordWithoutTime(Extent extent, UUID store) {
    byte[] bytes = TestingStore.bytesOf(extent).copy(0, (int) extent.length());
    byte[] uri = extent.object().uri().getBytes(StandardCharsets.UTF_8);
    byte[] tag = extent.version().tag().getBytes(StandardCharsets.UTF_8);
    CRC32C raw = new CRC32C();
    raw.update(bytes);
    ByteBuffer header = ByteBuffer.allocate(72 + uri.length + tag.length);
    header.putInt(0x4d52_4543).putInt(0).put((byte) 1).put((byte) 0).putShort((short) 0);
    header.putInt(header.capacity()).putInt(0).putInt((int) raw.getValue());
    header.putLong(bytes.length).putLong(extent.length()).putLong(extent.version().length());
    header.putLong(extent.version().modifiedMillis()).putLong(extent.offset());
    header.putInt(uri.length).putInt(tag.length).put(uri).put(tag).flip();
    CRC32C crc = RecordHeader.crcOf(header, store);
    crc.update(bytes);
    RecordHeader.complete(header, crc, store);
    return ByteBuffer.allocate((int) RecordHeader.recordBytes(header.limit(), bytes.length))
        .put(header)
        .put(bytes)
        .array();
  }

  private void writeWithoutTime() throws Exception {
    try (TestingStore store = open(YEAR)) {
      Files.write(
          Segment.pathOf(store.directory.path(), 0),
          recordWithoutTime(EXTENT, store.directory.identity()));
    }
  }

  @Test
  void readsWhatHasNoTimeWhereThereIsNoLimit() throws Exception {
    writeWithoutTime();
    try (TestingStore store = open(Duration.ZERO)) {
      assertThat(store.read(EXTENT)).isTrue();
      assertThat(store.write(TestingStore.extent(2, 1000))).as("in the same segment").isTrue();
    }
    try (TestingStore store = open(Duration.ZERO)) {
      assertThat(store.read(EXTENT)).isTrue();
      assertThat(store.read(TestingStore.extent(2, 1000))).isTrue();
      assertThat(store.store.counts().damages()).isZero();
    }
    try (TestingStore store = open(YEAR)) {
      assertThat(store.read(EXTENT)).as("older than any limit").isFalse();
      assertThat(store.read(TestingStore.extent(2, 1000))).isTrue();
    }
  }

  @Test
  void dropsWhatHasNoTimeWhereThereIsALimit() throws Exception {
    writeWithoutTime();
    try (TestingStore store = open(YEAR)) {
      assertThat(store.store.contains(EXTENT)).isFalse();
      assertThat(store.store.counts().expirations()).isEqualTo(1);
      assertThat(store.store.counts().damages()).isZero();
      assertThat(TestingStore.bytesOnDisk(directory)).isZero();
    }
  }

  /** What was read without a limit does not come to have a time by being written anew. */
  @Test
  void keepsNotKnowingTheTime() throws Exception {
    writeWithoutTime();
    try (TestingStore store = open(Duration.ZERO)) {
      ByteChunks bytes = ByteChunks.allocate(EXTENT.length());
      long fetched = store.store.read(EXTENT, bytes).orElseThrow();
      store.store.discard(EXTENT);
      assertThat(store.store.write(EXTENT, bytes, fetched, List.of())).isTrue();
    }
    clock.restart();
    try (TestingStore store = open(YEAR)) {
      assertThat(store.read(EXTENT)).isFalse();
      assertThat(store.store.counts().expirations()).isEqualTo(1);
    }
  }

  /** Whichever is found first: a process may have died before it marked the older one. */
  @ParameterizedTest
  @ValueSource(longs = {0, 99})
  void ofSeveralRecordsTheNewestCounts(long idOfOlder) throws Exception {
    Path path;
    byte[] older;
    try (TestingStore store = open(Duration.ZERO)) {
      path = store.directory.path();
      store.write(EXTENT);
      older = Files.readAllBytes(store.directory.segments().get(0));
      store.store.discard(EXTENT);
      store.store.maintain();
      assertThat(store.directory.segments()).isEmpty();
      clock.pass(MINUTE);
      store.write(EXTENT);
      Files.move(store.directory.segments().get(0), Segment.pathOf(path, 7));
    }
    clock.pass(MINUTE);
    Files.write(Segment.pathOf(path, idOfOlder), older);
    for (int start = 0; start < 2; start++) {
      try (TestingStore store = open(Duration.ZERO)) {
        assertThat(store.store.counts().extents()).isEqualTo(1);
        assertThat(store.directory.segments()).containsExactly(Segment.pathOf(path, 7));
        assertThat(store.store.read(EXTENT, ByteChunks.allocate(1000))).hasValue(clock.ago(MINUTE));
      }
    }
    try (TestingStore store = open(MINUTE)) {
      assertThat(store.store.contains(EXTENT)).isFalse();
    }
  }
}
