// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cache.Extent;
import io.millrace.cache.ExtentCache;
import io.millrace.flink.scan.EpochRanges;
import io.millrace.flink.scan.MillraceOptions;
import io.millrace.flink.scan.ScanSelection;
import io.millrace.flink.scan.ScanSettings;
import io.millrace.flink.scan.ShardNames;
import io.millrace.flink.source.FoundDataset;
import io.millrace.flink.source.MillraceSource;
import io.millrace.flink.source.TestingRecords;
import io.millrace.flink.source.split.OwnedBytesEvent;
import io.millrace.format.mds.MdsWriter;
import io.millrace.sample.Sample;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.testutils.source.reader.TestingReaderContext;
import org.apache.flink.util.UserCodeClassLoader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * What a reader tells its cache and its metrics of the size of what is read, where that is a part
 * of the dataset: some of its shards are selected, or have their home in the cache. It fits, the
 * dataset does not.
 */
@Tag("unit")
@ResourceLock("SharedCaches")
class SelectedBytesTest {

  private static final int SHARDS = 8;
  private static final String SHARD = "shard.00003.mds";
  private static final int LENGTH = 100_000;

  @TempDir private Path dataset;

  private final Job job = new Job();

  /** A job's class loader. */
  private static final class Job implements UserCodeClassLoader {
    private final Map<String, Runnable> hooks = new HashMap<>();

    @Override
    public ClassLoader asClassLoader() {
      return getClass().getClassLoader();
    }

    @Override
    public void registerReleaseHookIfAbsent(String name, Runnable hook) {
      hooks.putIfAbsent(name, hook);
    }

    void end() {
      hooks.values().forEach(Runnable::run);
      hooks.clear();
    }
  }

  @BeforeEach
  void write() throws IOException {
    try (MdsWriter writer = new MdsWriter(dataset, Map.of("text", "str"))) {
      for (int i = 0; i < SHARDS; i++) {
        writer.write(Map.of("text", "x".repeat(LENGTH + i)));
        writer.endShard();
      }
    }
  }

  /**
   * What is seen while a reader is open.
   *
   * @param bound of the hit rate
   * @param saved what the cache saves of {@value #LENGTH} zeros by compressing them
   */
  private record Seen(double bound, long saved) {}

  private long memory() throws IOException {
    return (long) (2.2 * Files.size(dataset.resolve(SHARD)));
  }

  private FoundDataset found() throws IOException {
    Configuration options = new Configuration();
    options.set(MillraceOptions.PATH, dataset.toString());
    options.set(MillraceOptions.SCAN_EPOCHS, "2");
    options.setString(MillraceOptions.CACHE_MEMORY_SIZE.key(), memory() + " b");
    return FoundDataset.find(ScanSettings.from(options));
  }

  /**
   * Looks at what is seen through two readers.
   *
   * @param told what the second one is told
   */
  private Seen read(ShardNames shards, OwnedBytesEvent... told) throws Exception {
    ScanSelection selection = new ScanSelection(shards, EpochRanges.ALL, ScanSelection.NO_LIMIT);
    FoundDataset found = found();
    MillraceSource<Sample> source = found.source(null, selection, TestingRecords.samples());
    assertThat(source.dataset()).as("what was found").isEqualTo(found.summary());
    TestingReaderContext context =
        new TestingReaderContext() {
          @Override
          public UserCodeClassLoader getUserCodeClassLoader() {
            return job;
          }
        };
    var first = source.createReader(context);
    try (var second = source.createReader(context)) {
      for (OwnedBytesEvent owned : told) {
        second.handleSourceEvents(owned);
      }
      first.close();
      SharedCache cache =
          SharedCaches.open().stream()
              .filter(
                  open -> open.key().cache().equals(found.settings().memory().toCacheSettings()))
              .findFirst()
              .orElseThrow();
      double bound = LocalScans.bound(source.scanId());
      Extent zeros =
          new Extent(
              ObjectLocation.of(dataset.resolve(SHARD).toUri().toString()),
              new ObjectVersion(LENGTH, 1, ""),
              0,
              LENGTH);
      cache
          .cache()
          .acquire(zeros, (extent, target) -> {}, new ExtentCache.Access("epoch", true))
          .close();
      return new Seen(bound, cache.cache().statistics().bytesSaved());
    } finally {
      job.end();
    }
  }

  @Test
  void ofTheWholeDatasetAPartIsKeptAndItIsCompressed() throws Exception {
    Seen seen = read(ShardNames.ALL);
    assertThat(seen.bound()).isLessThan(0.5);
    assertThat(seen.saved()).isPositive();
  }

  @Test
  void ofOneShardEverythingIsKeptAsItIs() throws Exception {
    Seen seen = read(ShardNames.only(SHARD));
    assertThat(seen.bound()).isEqualTo(1);
    assertThat(seen.saved()).isZero();
  }

  @Test
  void ofAllOthersTheBoundIsThatOfTheirBytes() throws Exception {
    long bytes = found().summary().storedBytes() - Files.size(dataset.resolve(SHARD));
    Seen seen = read(ShardNames.only(SHARD).not());
    assertThat(seen.bound()).isEqualTo((double) memory() / bytes);
    assertThat(seen.saved()).isPositive();
  }

  @Test
  void ofAPartThatHasItsHomeHereEverythingIsKeptAsItIs() throws Exception {
    long bytes = found().summary().storedBytes();
    Seen seen = read(ShardNames.ALL, new OwnedBytesEvent(bytes / SHARDS, bytes));
    assertThat(seen.bound()).isEqualTo(1);
    assertThat(seen.saved()).isZero();
  }

  @Test
  void theBoundIsThatOfTheBytesThatHaveTheirHomeHere() throws Exception {
    long bytes = found().summary().storedBytes();
    Seen seen =
        read(
            ShardNames.ALL,
            new OwnedBytesEvent(bytes / SHARDS, bytes),
            // of a dataset whose shards are counted otherwise
            new OwnedBytesEvent(3, 4));
    assertThat(seen.bound()).isEqualTo((double) memory() / Math.round(bytes * 0.75));
    assertThat(seen.saved()).isPositive();
  }

  @Test
  void whereAllHasItsHomeHereNothingChanges() throws Exception {
    Seen seen = read(ShardNames.ALL, new OwnedBytesEvent(1, 8), new OwnedBytesEvent(7, 7));
    assertThat(seen).isEqualTo(read(ShardNames.ALL));
  }
}
