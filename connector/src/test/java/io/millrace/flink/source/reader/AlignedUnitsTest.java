// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cache.ByteBudget;
import io.millrace.cache.CacheProbe;
import io.millrace.cache.CacheSettings;
import io.millrace.cache.ExtentCache;
import io.millrace.cache.ExtentCaches;
import io.millrace.cache.ScanStatistics;
import io.millrace.flink.scan.EpochSettings;
import io.millrace.flink.scan.RecordFormat;
import io.millrace.flink.source.TestingRecords;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.format.DatasetManifest;
import io.millrace.format.Shard;
import io.millrace.format.ShardOpener;
import io.millrace.format.aligned.AlignedDataset;
import io.millrace.format.aligned.AlignedOpener;
import io.millrace.format.aligned.AlignedPart;
import io.millrace.format.aligned.FieldNames;
import io.millrace.format.aligned.RenamedOpener;
import io.millrace.format.mds.MdsFormat;
import io.millrace.format.mds.MdsWriter;
import io.millrace.prefetch.OriginRequests;
import io.millrace.prefetch.ParallelReads;
import io.millrace.sample.Sample;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.TestingObjectStore;
import io.millrace.storage.TestingObjectStore.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Units of aligned datasets, opened through a cache. */
@Tag("unit")
class AlignedUnitsTest {

  private static final MdsFormat MDS = new MdsFormat();
  private static final int SAMPLES = 60;

  @TempDir Path directory;

  private final ScanStatistics statistics = new ScanStatistics();
  private final ParallelReads parallel = new ParallelReads(3, 8, "units-test");
  private ExtentCache cache;
  private TestingObjectStore store;
  private DatasetManifest images;
  private DatasetManifest captions;
  private DatasetManifest joined;
  private ShardOpener opener;

  @BeforeEach
  void write() throws IOException {
    cache = ExtentCaches.inMemory(new CacheSettings(64 << 20, "lru"));
    store = new TestingObjectStore(directory);
    images = write("images", 10, "image");
    captions = write("captions", 15, "caption");
    List<AlignedPart> parts =
        List.of(
            new AlignedPart(MDS, images, FieldNames.KEPT),
            new AlignedPart(MDS, captions, FieldNames.KEPT));
    joined = AlignedDataset.join(parts).manifest();
    opener =
        new AlignedOpener(
            parts.stream()
                .map(part -> new RenamedOpener(MDS, part.manifest().schema(), part.names()))
                .toList());
    store.clearRequests();
  }

  @AfterEach
  void close() {
    assertThat(cache.workingMemory().reserved()).isZero();
    assertThat(CacheProbe.usedBytes(cache)).isZero();
    parallel.close();
    cache.close();
  }

  private DatasetManifest write(String name, int perShard, String field) throws IOException {
    try (MdsWriter writer =
        new MdsWriter(directory.resolve(name), Map.of(field, "str")).hashes("xxh64")) {
      for (int i = 0; i < SAMPLES; i++) {
        writer.write(Map.of(field, (field + " " + i + " ").repeat(100)));
        if ((i + 1) % perShard == 0) {
          writer.endShard();
        }
      }
    }
    return MDS.discover(store, store.location(name));
  }

  /** Reads all units in order, each alone. */
  private void readAll(UUID scan, DatasetManifest dataset, ShardOpener open) throws IOException {
    for (Shard shard : dataset.shards()) {
      int unitId = shard.index();
      read(scan, dataset, open, unitId);
    }
  }

  private void read(UUID scan, DatasetManifest dataset, ShardOpener open, int unitId)
      throws IOException {
    Shard shard = dataset.shards().get(unitId);
    MillraceSplit split =
        new MillraceSplit(0, unitId, dataset.shards().size(), unitId, shard, 0, true, 0, 0, 0);
    boolean both = dataset.schema().size() == 2;
    List<UnitAccess.Origin> origins =
        both
            ? List.of(
                new UnitAccess.Origin(images.root(), store, new VersionChecks(1 << 20)),
                new UnitAccess.Origin(captions.root(), store, new VersionChecks(1 << 20)))
            : List.of(new UnitAccess.Origin(dataset.root(), store, new VersionChecks(1 << 20)));
    UnitAccess access =
        new UnitAccess(
            split,
            origins,
            cache,
            parallel,
            new ExtentCache.Access(new ScanEpoch(scan, 0), true),
            true,
            statistics.epoch(0));
    UnitTask task =
        new UnitTask(
            open, dataset.schema(), new EpochSettings(1, false, 0), access, TestingUnits.FAIL);
    try (ByteBudget.Reservation memory = cache.workingMemory().reserveNow(task.bytes());
        OpenUnit unit = task.open(memory, OriginRequests.UNBOUNDED)) {
      assertThat(unit.input().memoryBytes()).isLessThanOrEqualTo(task.bytes());
      RecordFormat.Assembler<Sample> records =
          TestingRecords.samples().newAssembler(dataset.schema());
      while (!unit.isExhausted()) {
        Sample sample = unit.next(records);
        for (int field = 0; field < sample.schema().size(); field++) {
          String name = sample.schema().field(field).name();
          long number = 15L * unitId + sample.metadata().sample();
          assertThat(sample.getString(field)).startsWith(name + " " + number + " ");
        }
      }
    }
  }

  @Test
  void fetchesEveryObjectOnceAlsoWhereUnitsShareIt() throws IOException {
    assertThat(joined.shards()).hasSize(4);
    readAll(UUID.randomUUID(), joined, opener);

    assertThat(store.count(Operation.READ)).isEqualTo(6 + 4);
    assertThat(store.count(Operation.STATUS)).isZero();
    assertThat(store.bytesRequested()).isEqualTo(joined.storedBytes());
    assertThat(statistics.totals().firstTouchBytes()).isZero(); // the window counts those
    assertThat(statistics.totals().originBytes()).isEqualTo(joined.storedBytes());
  }

  @Test
  void findsInTheCacheWhatAnotherScanReadOfAPartAlone() throws IOException {
    readAll(UUID.randomUUID(), captions, MDS);
    store.clearRequests();

    readAll(UUID.randomUUID(), joined, opener);

    assertThat(store.bytesRequested()).isEqualTo(images.storedBytes());
    assertThat(store.requests())
        .allSatisfy(request -> assertThat(request.location().uri()).contains("/images/"));
  }

  /** Requests meet that would wait for each other for ever if they came one after the other. */
  @Test
  void asksForThePartsSideBySide() throws IOException {
    CyclicBarrier allAsked = new CyclicBarrier(3);
    // Helpers come only where reads are known to take long.
    read(UUID.randomUUID(), joined, opener, 0);
    cache.clear();
    store.setFault(
        request -> {
          if (request.operation() == Operation.READ) {
            slow();
          }
        });
    for (int i = 0; i < 10; i++) {
      read(UUID.randomUUID(), joined, opener, 0);
      cache.clear();
    }
    store.setFault(
        request -> {
          if (request.operation() == Operation.READ) {
            await(allAsked);
          }
        });

    read(UUID.randomUUID(), joined, opener, 0);

    assertThat(store.maxInFlight()).isEqualTo(3);
  }

  private static void slow() {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2);
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
  }

  private static void await(CyclicBarrier barrier) throws IOException {
    try {
      barrier.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } catch (BrokenBarrierException | TimeoutException e) {
      throw new IOException("The other part was not asked for", e);
    }
  }

  @Test
  void refusesWrongBytesOfAnyPart() throws IOException {
    Path file = directory.resolve("captions/shard.00001.mds");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 3]++;
    FileTime modified = Files.getLastModifiedTime(file);
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, modified);
    read(UUID.randomUUID(), joined, opener, 0);

    assertThatThrownBy(() -> read(UUID.randomUUID(), joined, opener, 1))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("/captions/shard.00001.mds at offset 0: the xxh64 hash of its");
    read(UUID.randomUUID(), joined, opener, 2);
  }
}
