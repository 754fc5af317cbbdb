// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.cache.CacheProbe;
import io.millrace.cache.CacheSettings;
import io.millrace.cache.ExtentCache;
import io.millrace.cache.ExtentCaches;
import io.millrace.cache.ScanStatistics;
import io.millrace.flink.scan.EpochSettings;
import io.millrace.flink.scan.OnError;
import io.millrace.flink.scan.RecordFormat;
import io.millrace.flink.source.TestingRecords;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.format.DatasetManifest;
import io.millrace.format.Shard;
import io.millrace.format.mds.MdsFormat;
import io.millrace.format.mds.MdsWriter;
import io.millrace.prefetch.OriginRequests;
import io.millrace.prefetch.ParallelReads;
import io.millrace.sample.Sample;
import io.millrace.storage.DamagingObjectStore;
import io.millrace.storage.TestingObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * An MDS dataset on disk, and its units as a reader opens them: through a real cache, from a store
 * that writes down every request and damages what a test wants damaged.
 */
final class TestingUnits implements AutoCloseable {

  static final int SAMPLE_BYTES = 100_000;

  /** Nothing is left out. */
  static final DamagePolicy FAIL = new DamagePolicy(OnError.FAIL, new Rereads());

  final TestingObjectStore origin;
  final DamagingObjectStore store;
  final DatasetManifest manifest;
  final ScanStatistics statistics = new ScanStatistics();
  final VersionChecks versions = new VersionChecks(64 << 20);
  private final UUID scanId = UUID.randomUUID();
  private final ParallelReads parallel = new ParallelReads(3, 8, "units-test");
  private ExtentCache cache;
  private EpochSettings epochs = new EpochSettings(3, false, 0);
  private boolean verifyHashes = true;
  private DamagePolicy damage = FAIL;

  private TestingUnits(Path directory) throws IOException {
    this.origin = new TestingObjectStore(directory);
    this.store = new DamagingObjectStore(origin);
    this.manifest = new MdsFormat().discover(origin, origin.root());
    this.cache = ExtentCaches.inMemory(new CacheSettings(64 << 20, "lru"));
    origin.clearRequests();
  }

  /** Shards of samples of {@value #SAMPLE_BYTES} bytes, numbered from 0 in the field {@code id}. */
  static TestingUnits write(Path directory, int shards, int samplesPerShard, String... hashes)
      throws IOException {
    try (MdsWriter writer =
        new MdsWriter(directory, Map.of("id", "int", "data", "bytes")).hashes(hashes)) {
      for (int i = 0; i < shards * samplesPerShard; i++) {
        writer.write(Map.of("id", (long) i, "data", data(i)));
        if ((i + 1) % samplesPerShard == 0) {
          writer.endShard();
        }
      }
    }
    return new TestingUnits(directory);
  }

  /** The bytes of a sample. */
  static byte[] data(int id) {
    byte[] data = new byte[SAMPLE_BYTES];
    Arrays.fill(data, (byte) (id + 1));
    return data;
  }

  TestingUnits cache(long bytes, String policy) {
    cache.close();
    cache = ExtentCaches.inMemory(new CacheSettings(bytes, policy));
    return this;
  }

  TestingUnits epochs(EpochSettings settings) {
    epochs = settings;
    return this;
  }

  TestingUnits onError(OnError onError) {
    damage = new DamagePolicy(onError, new Rereads());
    return this;
  }

  Rereads rereads() {
    return damage.rereads();
  }

  TestingUnits withoutVerification() {
    verifyHashes = false;
    return this;
  }

  ExtentCache cache() {
    return cache;
  }

  /** A unit of the dataset, counted over all shards, ranked as it lies. */
  MillraceSplit split(int epoch, int unitId) {
    int before = 0;
    for (Shard shard : manifest.shards()) {
      if (unitId < before + shard.units()) {
        return new MillraceSplit(
            epoch, unitId, manifest.units(), unitId, shard, unitId - before, true, 0, 0, 0);
      }
      before += shard.units();
    }
    throw new IllegalArgumentException("No unit " + unitId);
  }

  UnitAccess access(MillraceSplit split) {
    return new UnitAccess(
        split,
        List.of(new UnitAccess.Origin(manifest.root(), store, versions)),
        cache,
        parallel,
        new ExtentCache.Access(new ScanEpoch(scanId, split.epoch()), split.admit()),
        verifyHashes,
        statistics.epoch(split.epoch()));
  }

  UnitTask task(MillraceSplit split) {
    return new UnitTask(new MdsFormat(), manifest.schema(), epochs, access(split), damage);
  }

  /** Opens a unit with the memory that its task asks for, which ends with it. */
  Opened open(int epoch, int unitId) throws IOException {
    UnitTask task = task(split(epoch, unitId));
    var memory = cache.workingMemory().reserveNow(task.bytes());
    boolean done = false;
    try {
      Opened opened = new Opened(task.open(memory, OriginRequests.UNBOUNDED), memory::close);
      done = true;
      return opened;
    } finally {
      if (!done) {
        memory.close();
      }
    }
  }

  /** Bytes in anybody's use: reserved, pinned, on their way or lent. */
  long bytesInUse() {
    return cache.workingMemory().reserved() + CacheProbe.usedBytes(cache);
  }

  RecordFormat.Assembler<Sample> records() {
    return TestingRecords.samples().newAssembler(manifest.schema());
  }

  @Override
  public void close() {
    parallel.close();
    cache.close();
  }

  /** An open unit and its memory. */
  record Opened(OpenUnit unit, Runnable giveBack, List<LeftOut> leftOut) implements AutoCloseable {

    Opened(OpenUnit unit, Runnable giveBack) {
      this(unit, giveBack, new ArrayList<>());
    }

    /** Decodes what is left of it and checks each sample's bytes. */
    long[] ids(TestingUnits units) throws IOException {
      long[] ids = new long[unit.split().samples()];
      int count = 0;
      RecordFormat.Assembler<Sample> records = units.records();
      while (!unit.isExhausted()) {
        Sample sample = unit.next(records);
        if (sample == null) {
          leftOut.add(unit.leftOut());
          continue;
        }
        long id = sample.getLong("id");
        if (!Arrays.equals(sample.getBytes("data").toByteArray(), data((int) id))) {
          throw new AssertionError("Wrong bytes in sample " + id);
        }
        ids[count++] = id;
      }
      return Arrays.copyOf(ids, count);
    }

    @Override
    public void close() {
      unit.close();
      giveBack.run();
    }
  }
}
