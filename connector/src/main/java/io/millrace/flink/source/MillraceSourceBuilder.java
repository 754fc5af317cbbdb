// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source;

import io.millrace.flink.scan.MillraceOptions;
import io.millrace.flink.scan.ScanSettings;
import io.millrace.sample.Sample;
import java.time.Duration;
import java.util.List;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link MillraceSource}: one method an option of {@link MillraceOptions}, with the same
 * default. Only {@link #path} or {@link #dataset} must be called.
 */
@PublicEvolving
public final class MillraceSourceBuilder {

  private final Configuration options = new Configuration();
  private @Nullable List<String> fields;
  private @Nullable Dataset dataset;

  MillraceSourceBuilder() {}

  /**
   * Root directory of the dataset, as a URI of a file system of Flink's. Others that hold the same
   * may follow after semicolons: a request that fails at one is sent to the next.
   */
  public MillraceSourceBuilder path(String path) {
    options.set(MillraceOptions.PATH, path);
    return this;
  }

  /** The dataset, instead of {@link #path} and {@link #format}. */
  public MillraceSourceBuilder dataset(Dataset value) {
    dataset = value;
    return this;
  }

  /** Name of the dataset's format; {@code auto}, the default, tells by what lies there. */
  public MillraceSourceBuilder format(String format) {
    options.set(MillraceOptions.FORMAT, format);
    return this;
  }

  /** Fields to decode, in the order in which samples shall have them; all by default. */
  public MillraceSourceBuilder fields(String... names) {
    fields = List.of(names);
    return this;
  }

  /** Passes over the dataset, 1 by default. */
  public MillraceSourceBuilder scanEpochs(int epochs) {
    options.set(MillraceOptions.SCAN_EPOCHS, String.valueOf(epochs));
    return this;
  }

  /** Goes over the dataset until the job is cancelled. Needs checkpointing. */
  public MillraceSourceBuilder scanEpochsUnbounded() {
    options.set(MillraceOptions.SCAN_EPOCHS, "unbounded");
    return this;
  }

  /** Whether each epoch visits the samples in an order of its own; false by default. */
  public MillraceSourceBuilder scanShuffle(boolean shuffle) {
    options.set(MillraceOptions.SCAN_SHUFFLE, shuffle);
    return this;
  }

  /** Seed of the shuffle, 0 by default. */
  public MillraceSourceBuilder scanShuffleSeed(long seed) {
    options.set(MillraceOptions.SCAN_SHUFFLE_SEED, seed);
    return this;
  }

  /** Units that each reader mixes with each other, 16 by default. */
  public MillraceSourceBuilder scanShuffleWindow(int units) {
    options.set(MillraceOptions.SCAN_SHUFFLE_WINDOW, units);
    return this;
  }

  /**
   * First epoch to read when the job goes on from no checkpoint, 0 by default. {@link #scanEpochs}
   * counts the ones before it, too.
   */
  public MillraceSourceBuilder scanStartEpoch(int epoch) {
    options.set(MillraceOptions.SCAN_START_EPOCH, epoch);
    return this;
  }

  /**
   * The {@link io.millrace.plan.EpochPosition} in the first epoch from which on samples are read,
   * when the job goes on from no checkpoint; 0 by default.
   */
  public MillraceSourceBuilder scanStartPosition(long position) {
    options.set(MillraceOptions.SCAN_START_POSITION, position);
    return this;
  }

  /**
   * Whether no unit of an epoch is read, nor fetched ahead, before all readers have emitted the
   * last one of the epoch before it; false by default.
   */
  public MillraceSourceBuilder scanEpochBarrier(boolean barrier) {
    options.set(MillraceOptions.SCAN_EPOCH_BARRIER, barrier);
    return this;
  }

  /**
   * Which reader gets which shard: {@code sticky} (default; one of the cache that is the shard's
   * home) or {@code first-come}.
   */
  public MillraceSourceBuilder scanAssignment(String choice) {
    options.set(MillraceOptions.SCAN_ASSIGNMENT, choice);
    return this;
  }

  /** Whether objects are checked against published hashes; true by default. */
  public MillraceSourceBuilder scanVerifyHashes(boolean verify) {
    options.set(MillraceOptions.SCAN_VERIFY_HASHES, verify);
    return this;
  }

  /**
   * Looks each interval for shards that were added to the dataset, and reads them, until the job is
   * cancelled; never by default. Needs checkpointing.
   */
  public MillraceSourceBuilder scanDiscoveryInterval(Duration interval) {
    options.set(MillraceOptions.SCAN_DISCOVERY_INTERVAL, interval);
    return this;
  }

  /**
   * What a job does that goes on from a checkpoint of a dataset that has changed since: {@code
   * fail} (default), {@code accept-new-shards} or {@code restart-epoch}.
   */
  public MillraceSourceBuilder scanRestoreOnChange(String choice) {
    options.set(MillraceOptions.SCAN_RESTORE_ON_CHANGE, choice);
    return this;
  }

  /**
   * What input that is damaged or missing does: {@code fail} (default), {@code skip-sample} or
   * {@code skip-shard}.
   */
  public MillraceSourceBuilder scanOnError(String choice) {
    options.set(MillraceOptions.SCAN_ON_ERROR, choice);
    return this;
  }

  /**
   * Share of an epoch's samples that may be left out so before the job fails, {@code 1 %} by
   * default.
   */
  public MillraceSourceBuilder scanOnErrorMaxSkipped(String percentage) {
    options.set(MillraceOptions.SCAN_ON_ERROR_MAX_SKIPPED, percentage);
    return this;
  }

  /** What stays in the cache: {@code plan} (default), {@code lru} or {@code none}. */
  public MillraceSourceBuilder cachePolicy(String policy) {
    options.set(MillraceOptions.CACHE_POLICY, policy);
    return this;
  }

  /** Heap memory per TaskManager, everything included; 20 % of the maximum heap by default. */
  public MillraceSourceBuilder cacheMemorySize(MemorySize size) {
    options.set(MillraceOptions.CACHE_MEMORY_SIZE, size);
    return this;
  }

  /** How long cached data is served after its fetch; for ever by default. */
  public MillraceSourceBuilder cacheTtl(Duration ttl) {
    options.set(MillraceOptions.CACHE_TTL, ttl);
    return this;
  }

  /**
   * Directories on each TaskManager for a tier of the cache on disk, which outlives the process;
   * none by default.
   */
  public MillraceSourceBuilder cacheDiskDir(String... directories) {
    options.set(MillraceOptions.CACHE_DISK_DIR, List.of(directories));
    return this;
  }

  /** Bound on the files in all these directories per TaskManager; 10 GiB by default. */
  public MillraceSourceBuilder cacheDiskSize(MemorySize size) {
    options.set(MillraceOptions.CACHE_DISK_SIZE, size);
    return this;
  }

  /** Share of each file system that stays free, {@code 10 %} by default. */
  public MillraceSourceBuilder cacheDiskMinFree(String percentage) {
    options.set(MillraceOptions.CACHE_DISK_MIN_FREE, percentage);
    return this;
  }

  /** How long files that no process uses any more are left to be taken over; 7 days by default. */
  public MillraceSourceBuilder cacheDiskRetention(Duration retention) {
    options.set(MillraceOptions.CACHE_DISK_RETENTION, retention);
    return this;
  }

  /**
   * Which files of local file systems are copied to the disk: {@code auto} (default; those of
   * network mounts), {@code always} or {@code never}.
   */
  public MillraceSourceBuilder cacheLocalFiles(String choice) {
    options.set(MillraceOptions.CACHE_LOCAL_FILES, choice);
    return this;
  }

  /**
   * Whether what stays in the cache is compressed: {@code auto} (default), {@code zstd}, {@code
   * none}.
   */
  public MillraceSourceBuilder cacheCompression(String compression) {
    options.set(MillraceOptions.CACHE_COMPRESSION, compression);
    return this;
  }

  /** Bytes that each reader may hold ahead: {@code auto} (default), a size, or 0 for none. */
  public MillraceSourceBuilder prefetchBudget(String budget) {
    options.set(MillraceOptions.PREFETCH_BUDGET, budget);
    return this;
  }

  /** Most requests in flight per reader, 64 by default. */
  public MillraceSourceBuilder prefetchMaxRequests(int requests) {
    options.set(MillraceOptions.PREFETCH_MAX_REQUESTS, requests);
    return this;
  }

  /** A request that takes longer is given up and tried again; 30 s by default. */
  public MillraceSourceBuilder storageRequestTimeout(Duration timeout) {
    options.set(MillraceOptions.STORAGE_REQUEST_TIMEOUT, timeout);
    return this;
  }

  /** How long a failing request is tried again before the job fails; 10 min by default. */
  public MillraceSourceBuilder storageRetryTimeout(Duration timeout) {
    options.set(MillraceOptions.STORAGE_RETRY_TIMEOUT, timeout);
    return this;
  }

  /** Most requests begun per second and TaskManager; no bound by default. */
  public MillraceSourceBuilder storageMaxRequestsPerSecond(int requests) {
    options.set(MillraceOptions.STORAGE_MAX_REQUESTS_PER_SECOND, requests);
    return this;
  }

  /**
   * Whether a request that is slower than most is sent a second time, and the first answer taken;
   * so by default, for at most one in twenty.
   */
  public MillraceSourceBuilder storageHedging(boolean hedging) {
    options.set(MillraceOptions.STORAGE_HEDGING, hedging);
    return this;
  }

  /**
   * Checks the options and reads the dataset's index, so that mistakes show here and the samples'
   * fields are known. Blocks on the store.
   *
   * @throws IllegalArgumentException if an option cannot be used or a field does not exist
   * @throws java.io.UncheckedIOException if the dataset cannot be found or its index is damaged
   */
  public MillraceSource<Sample> build() {
    return FoundDataset.find(settings()).source(fields, new SampleRecordFormat());
  }

  private ScanSettings settings() {
    if (dataset == null) {
      return ScanSettings.from(options);
    }
    if (options.contains(MillraceOptions.PATH) || options.contains(MillraceOptions.FORMAT)) {
      throw new IllegalArgumentException(
          "Cannot use path or format beside dataset = " + dataset + ": it has both");
    }
    return ScanSettings.from(options, dataset.spec());
  }
}
