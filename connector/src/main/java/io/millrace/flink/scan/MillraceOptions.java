// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import java.time.Duration;
import java.util.List;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;

/**
 * Every option of the connector, with its default. {@code MillraceSourceBuilder} has a method for
 * each; both resolve to the same {@link ScanSettings}.
 */
@PublicEvolving
public final class MillraceOptions {

  private MillraceOptions() {}

  public static final ConfigOption<String> PATH =
      ConfigOptions.key("path")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Root directory of the dataset, as a URI of a file system of Flink's. Others that"
                  + " hold the same may follow after semicolons (\\; is one of a name): a request"
                  + " that fails at one is sent to the next.");

  public static final ConfigOption<String> FORMAT =
      ConfigOptions.key("format")
          .stringType()
          .defaultValue("auto")
          .withDescription("Format of the dataset; auto tells by what lies in the directory.");

  public static final ConfigOption<String> SCAN_EPOCHS =
      ConfigOptions.key("scan.epochs")
          .stringType()
          .defaultValue("1")
          .withDescription(
              "Number of passes over the dataset, or unbounded (streaming only, needs"
                  + " checkpointing).");

  public static final ConfigOption<Boolean> SCAN_SHUFFLE =
      ConfigOptions.key("scan.shuffle")
          .booleanType()
          .defaultValue(false)
          .withDescription("Whether each epoch visits the samples in an order of its own.");

  public static final ConfigOption<Long> SCAN_SHUFFLE_SEED =
      ConfigOptions.key("scan.shuffle.seed")
          .longType()
          .defaultValue(0L)
          .withDescription("Seed of the shuffle: the same seed gives the same orders.");

  public static final ConfigOption<Integer> SCAN_SHUFFLE_WINDOW =
      ConfigOptions.key("scan.shuffle.window")
          .intType()
          .defaultValue(16)
          .withDescription(
              "Units that each reader mixes with each other; fewer, with a warning, if memory does"
                  + " not allow so many.");

  public static final ConfigOption<Integer> SCAN_START_EPOCH =
      ConfigOptions.key("scan.start.epoch")
          .intType()
          .defaultValue(0)
          .withDescription(
              "First epoch to read, counted from 0, when the job goes on from no checkpoint: a start"
                  + " in mid-run. scan.epochs counts the ones before it, too.");

  public static final ConfigOption<Long> SCAN_START_POSITION =
      ConfigOptions.key("scan.start.position")
          .longType()
          .defaultValue(0L)
          .withDescription(
              "The epoch_position in scan.start.epoch from which on samples are read, when the job"
                  + " goes on from no checkpoint.");

  public static final ConfigOption<Boolean> SCAN_EPOCH_BARRIER =
      ConfigOptions.key("scan.epoch-barrier")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Whether no unit of an epoch is read, nor fetched ahead, before all readers have"
                  + " emitted the last one of the epoch before it.");

  public static final ConfigOption<String> SCAN_ASSIGNMENT =
      ConfigOptions.key("scan.assignment")
          .stringType()
          .defaultValue("sticky")
          .withDescription(
              "Which reader gets which shard: sticky (one of the cache that is the shard's home, in"
                  + " every epoch, so that caches add up) or first-come (the one that asks first).");

  public static final ConfigOption<Boolean> SCAN_VERIFY_HASHES =
      ConfigOptions.key("scan.verify-hashes")
          .booleanType()
          .defaultValue(true)
          .withDescription("Whether objects are checked against the hashes that the index has.");

  public static final ConfigOption<Duration> SCAN_DISCOVERY_INTERVAL =
      ConfigOptions.key("scan.discovery.interval")
          .durationType()
          .noDefaultValue()
          .withDescription(
              "How often shards are looked for that were added to the dataset (streaming only,"
                  + " needs checkpointing); never if not set.");

  public static final ConfigOption<String> SCAN_RESTORE_ON_CHANGE =
      ConfigOptions.key("scan.restore.on-change")
          .stringType()
          .defaultValue("fail")
          .withDescription(
              "What a job does that goes on from a checkpoint of a dataset that has changed since:"
                  + " fail, accept-new-shards (later epochs have those that were added) or"
                  + " restart-epoch (the oldest epoch that is not wholly read begins anew).");

  public static final ConfigOption<String> SCAN_ON_ERROR =
      ConfigOptions.key("scan.on-error")
          .stringType()
          .defaultValue("fail")
          .withDescription(
              "What input that is damaged or missing does: fail (it fails the job), skip-sample"
                  + " (the sample is left out) or skip-shard (the rest of its unit is, too).");

  public static final ConfigOption<String> SCAN_ON_ERROR_MAX_SKIPPED =
      ConfigOptions.key("scan.on-error.max-skipped")
          .stringType()
          .defaultValue("1 %")
          .withDescription(
              "Share of an epoch's samples that may be left out, by all readers together, before"
                  + " the job fails.");

  public static final ConfigOption<String> CACHE_POLICY =
      ConfigOptions.key("cache.policy")
          .stringType()
          .defaultValue("plan")
          .withDescription(
              "What stays in the cache: plan (a stable set, which reaches the best possible hit"
                  + " rate), lru or none.");

  public static final ConfigOption<MemorySize> CACHE_MEMORY_SIZE =
      ConfigOptions.key("cache.memory.size")
          .memoryType()
          .noDefaultValue()
          .withDescription(
              "Heap memory of the connector per TaskManager, everything included; 20 % of the"
                  + " maximum heap if not set.");

  public static final ConfigOption<Duration> CACHE_TTL =
      ConfigOptions.key("cache.ttl")
          .durationType()
          .noDefaultValue()
          .withDescription(
              "How long after its fetch cached data is served at most; then it is fetched again. For"
                  + " ever if not set.");

  public static final ConfigOption<List<String>> CACHE_DISK_DIR =
      ConfigOptions.key("cache.disk.dir")
          .stringType()
          .asList()
          .noDefaultValue()
          .withDescription(
              "Directories on each TaskManager, separated by ;, for a tier of the cache on disk,"
                  + " which outlives the process; no such tier if not set.");

  public static final ConfigOption<MemorySize> CACHE_DISK_SIZE =
      ConfigOptions.key("cache.disk.size")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(10 * 1024))
          .withDescription(
              "Bound on the files in all directories of cache.disk.dir together, per"
                  + " TaskManager.");

  public static final ConfigOption<String> CACHE_DISK_MIN_FREE =
      ConfigOptions.key("cache.disk.min-free")
          .stringType()
          .defaultValue("10 %")
          .withDescription(
              "Share of each file system of cache.disk.dir that stays free; the cache gives up"
                  + " room for it.");

  public static final ConfigOption<Duration> CACHE_DISK_RETENTION =
      ConfigOptions.key("cache.disk.retention")
          .durationType()
          .defaultValue(Duration.ofDays(7))
          .withDescription(
              "How long files in cache.disk.dir that no process uses any more are left for one"
                  + " that may take them over.");

  public static final ConfigOption<String> CACHE_LOCAL_FILES =
      ConfigOptions.key("cache.local-files")
          .stringType()
          .defaultValue("auto")
          .withDescription(
              "Which files of local file systems are copied to cache.disk.dir: auto (those of"
                  + " network mounts), always or never.");

  public static final ConfigOption<String> CACHE_COMPRESSION =
      ConfigOptions.key("cache.compression")
          .stringType()
          .defaultValue("auto")
          .withDescription(
              "Whether what stays in the cache is compressed: auto (where a sample says that it"
                  + " pays, and only if not everything fits as it is), zstd (whatever becomes"
                  + " smaller) or none. What is compressed at its origin stays as it is.");

  public static final ConfigOption<String> PREFETCH_BUDGET =
      ConfigOptions.key("prefetch.budget")
          .stringType()
          .defaultValue("auto")
          .withDescription(
              "Bytes that each reader may hold ahead; auto: half of cache.memory.size, shared by"
                  + " the readers; 0: no prefetch.");

  public static final ConfigOption<Integer> PREFETCH_MAX_REQUESTS =
      ConfigOptions.key("prefetch.max-requests")
          .intType()
          .defaultValue(64)
          .withDescription("Most requests in flight per reader.");

  public static final ConfigOption<Duration> STORAGE_REQUEST_TIMEOUT =
      ConfigOptions.key("storage.request-timeout")
          .durationType()
          .defaultValue(Duration.ofSeconds(30))
          .withDescription("A request that takes longer is given up and tried again.");

  public static final ConfigOption<Duration> STORAGE_RETRY_TIMEOUT =
      ConfigOptions.key("storage.retry.timeout")
          .durationType()
          .defaultValue(Duration.ofMinutes(10))
          .withDescription("How long a failing request is tried again before the job fails.");

  public static final ConfigOption<Integer> STORAGE_MAX_REQUESTS_PER_SECOND =
      ConfigOptions.key("storage.max-requests-per-second")
          .intType()
          .noDefaultValue()
          .withDescription("Most requests begun per second and TaskManager; no bound if not set.");

  public static final ConfigOption<Boolean> STORAGE_HEDGING =
      ConfigOptions.key("storage.hedging")
          .booleanType()
          .defaultValue(true)
          .withDescription(
              "Whether a request that is slower than most is sent a second time, and the first"
                  + " answer taken; at most one in twenty.");

  /** All of them, in the order of the documentation. */
  public static List<ConfigOption<?>> all() {
    return List.of(
        PATH,
        FORMAT,
        SCAN_EPOCHS,
        SCAN_SHUFFLE,
        SCAN_SHUFFLE_SEED,
        SCAN_SHUFFLE_WINDOW,
        SCAN_START_EPOCH,
        SCAN_START_POSITION,
        SCAN_EPOCH_BARRIER,
        SCAN_ASSIGNMENT,
        SCAN_VERIFY_HASHES,
        SCAN_DISCOVERY_INTERVAL,
        SCAN_RESTORE_ON_CHANGE,
        SCAN_ON_ERROR,
        SCAN_ON_ERROR_MAX_SKIPPED,
        CACHE_POLICY,
        CACHE_MEMORY_SIZE,
        CACHE_TTL,
        CACHE_DISK_DIR,
        CACHE_DISK_SIZE,
        CACHE_DISK_MIN_FREE,
        CACHE_DISK_RETENTION,
        CACHE_LOCAL_FILES,
        CACHE_COMPRESSION,
        PREFETCH_BUDGET,
        PREFETCH_MAX_REQUESTS,
        STORAGE_REQUEST_TIMEOUT,
        STORAGE_RETRY_TIMEOUT,
        STORAGE_MAX_REQUESTS_PER_SECOND,
        STORAGE_HEDGING);
  }
}
