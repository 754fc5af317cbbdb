// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import io.millrace.cache.CachePolicies;
import io.millrace.cache.CacheSettings;
import io.millrace.cache.compression.CompressionMode;
import io.millrace.storage.StorageSettings;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.flink.annotation.Internal;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/**
 * The options of one scan, checked and resolved once.
 *
 * @param dataset which dataset
 * @param epochs which epochs, in which order
 * @param window units that a reader mixes, 1 when nothing is shuffled
 * @param verifyHashes whether published hashes are checked
 * @param memory cache and prefetch
 * @param storage how the origin is asked
 * @param disk the cache's tier on disk
 * @param errors what input that cannot be read does
 * @param assignment which reader gets which shard
 * @param onChange what a restore does where the dataset has changed
 */
@Internal
public record ScanSettings(
    DatasetSpec dataset,
    EpochSettings epochs,
    int window,
    boolean verifyHashes,
    Memory memory,
    Storage storage,
    DiskSpec disk,
    ErrorSettings errors,
    Assignment assignment,
    OnChange onChange)
    implements Serializable {

  /** Longer ones are no limits, and nanoseconds could not count them. */
  private static final Duration LONGEST = Duration.ofDays(365);

  /**
   * Of a scan that fails when it cannot read something, or the dataset has changed, and whose
   * shards stay at their caches.
   */
  public ScanSettings(
      DatasetSpec dataset,
      EpochSettings epochs,
      int window,
      boolean verifyHashes,
      Memory memory,
      Storage storage,
      DiskSpec disk) {
    this(
        dataset,
        epochs,
        window,
        verifyHashes,
        memory,
        storage,
        disk,
        ErrorSettings.FAIL,
        Assignment.STICKY,
        OnChange.FAIL);
  }

  /**
   * Cache and prefetch.
   *
   * @param cachePolicy {@code plan}, {@code lru} or {@code none}
   * @param cacheBytes heap memory per TaskManager, {@link #AUTO} for 20 % of the maximum heap
   * @param cacheCompression what is done to the bytes that stay in the cache
   * @param cacheTtl how long extents are served, {@link CacheSettings#NO_TTL} for ever
   * @param prefetchBytes bytes ahead per reader, {@link #AUTO} for what the memory bound allows, 0
   *     for no prefetch
   * @param prefetchMaxRequests most requests in flight per reader
   */
  public record Memory(
      String cachePolicy,
      long cacheBytes,
      CompressionMode cacheCompression,
      Duration cacheTtl,
      long prefetchBytes,
      int prefetchMaxRequests)
      implements Serializable {

    public static final long AUTO = -1;

    private static final double AUTO_SHARE_OF_HEAP = 0.2;

    /** How a cache is made on the machine that this runs on. */
    public CacheSettings toCacheSettings() {
      return new CacheSettings(resolvedCacheBytes(), cachePolicy, cacheCompression, cacheTtl);
    }

    /** The memory bound on the machine that this runs on, in bytes. */
    public long resolvedCacheBytes() {
      return cacheBytes == AUTO
          ? (long) (Runtime.getRuntime().maxMemory() * AUTO_SHARE_OF_HEAP)
          : cacheBytes;
    }
  }

  /**
   * How the origin is asked.
   *
   * @param requestTimeout bound on one request
   * @param retryTimeout bound on all attempts of a request together
   * @param maxRequestsPerSecond bound per TaskManager, 0 for none
   * @param hedging whether slow requests are sent a second time
   */
  public record Storage(
      Duration requestTimeout, Duration retryTimeout, int maxRequestsPerSecond, boolean hedging)
      implements Serializable {

    private static final int MAX_REQUESTS_IN_FLIGHT = 256;

    /** With hedging. */
    public Storage(Duration requestTimeout, Duration retryTimeout, int maxRequestsPerSecond) {
      this(requestTimeout, retryTimeout, maxRequestsPerSecond, true);
    }

    public StorageSettings toStorageSettings() {
      return new StorageSettings(
          requestTimeout,
          retryTimeout,
          MAX_REQUESTS_IN_FLIGHT,
          maxRequestsPerSecond == 0 ? 0.0 : maxRequestsPerSecond,
          hedging);
    }
  }

  /**
   * Resolves options; the dataset is the one that they name.
   *
   * @throws IllegalArgumentException naming the option whose value cannot be used, and why
   */
  public static ScanSettings from(ReadableConfig config) {
    String path =
        config
            .getOptional(MillraceOptions.PATH)
            .filter(value -> !value.isBlank())
            .orElseThrow(
                () ->
                    new IllegalArgumentException("Cannot read a dataset: option path is missing"));
    return from(config, DatasetSpec.of(path, config.get(MillraceOptions.FORMAT)));
  }

  /** Resolves options for a dataset, as {@link #from(ReadableConfig)} does. */
  public static ScanSettings from(ReadableConfig config, DatasetSpec dataset) {
    boolean shuffle = config.get(MillraceOptions.SCAN_SHUFFLE);
    int window =
        atLeast(
            1,
            config.get(MillraceOptions.SCAN_SHUFFLE_WINDOW),
            MillraceOptions.SCAN_SHUFFLE_WINDOW);
    Memory memory = memory(config);
    Duration discovery = discovery(config, dataset);
    return new ScanSettings(
        dataset,
        new EpochSettings(
            epochs(config.get(MillraceOptions.SCAN_EPOCHS)),
            shuffle,
            config.get(MillraceOptions.SCAN_SHUFFLE_SEED),
            discovery,
            ScanSelection.ALL,
            start(config),
            config.get(MillraceOptions.SCAN_EPOCH_BARRIER)),
        shuffle ? window : 1,
        config.get(MillraceOptions.SCAN_VERIFY_HASHES),
        memory,
        storage(config),
        DiskSpec.from(config),
        ErrorSettings.from(config),
        Assignment.named(config.get(MillraceOptions.SCAN_ASSIGNMENT)),
        OnChange.from(config, dataset, discovery));
  }

  /** The same scan, of which only a part is read. */
  public ScanSettings selecting(ScanSelection part) {
    return with(dataset, epochs.selecting(part));
  }

  /**
   * The same scan of some partitions of its dataset, which has one part.
   *
   * @param directories below its root, in the order of the samples
   */
  public ScanSettings ofPartitions(List<String> directories) {
    DatasetSpec partitioned =
        new DatasetSpec(List.of(dataset.parts().get(0).ofPartitions(directories)));
    return with(partitioned, epochs);
  }

  private ScanSettings with(DatasetSpec otherDataset, EpochSettings otherEpochs) {
    return new ScanSettings(
        otherDataset,
        otherEpochs,
        window,
        verifyHashes,
        memory,
        storage,
        disk,
        errors,
        assignment,
        onChange);
  }

  /** What decides which samples are read, in words, as {@link ScanSelection#text}. */
  public String selected() {
    List<String> partitions = dataset.parts().get(0).partitions();
    String selected = epochs.selection().text();
    return partitions.isEmpty()
        ? selected
        : ScanSelection.shortened(
                "partitions (" + partitions.size() + "): " + String.join(", ", partitions))
            + ", "
            + selected;
  }

  /**
   * Checks that a reader on this machine can open a dataset's largest unit.
   *
   * @throws IllegalArgumentException naming the numbers and the option to change
   */
  public void checkHolds(DatasetSummary found) {
    checkHolds(found.largestUnitBytes());
  }

  /** Checks it of a unit that takes so many bytes, as {@link #checkHolds(DatasetSummary)} does. */
  public void checkHolds(long largestUnitBytes) {
    long half = memory.resolvedCacheBytes() / 2;
    if (largestUnitBytes > half) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot read the dataset at %s: its largest unit takes %d bytes of memory, but half of cache.memory.size is %d; set cache.memory.size to at least %d bytes",
              dataset.location(),
              largestUnitBytes,
              half,
              2 * largestUnitBytes));
    }
    if (memory.prefetchBytes() > 0 && largestUnitBytes > memory.prefetchBytes()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot read the dataset at %s ahead: its largest unit takes %d bytes of memory, but prefetch.budget is %d; set prefetch.budget to at least %d bytes, to auto, or to 0 for no prefetch",
              dataset.location(),
              largestUnitBytes,
              memory.prefetchBytes(),
              largestUnitBytes));
    }
  }

  private static ScanStart start(ReadableConfig config) {
    return new ScanStart(
        atLeast(0, config.get(MillraceOptions.SCAN_START_EPOCH), MillraceOptions.SCAN_START_EPOCH),
        atLeast(
            0,
            config.get(MillraceOptions.SCAN_START_POSITION),
            MillraceOptions.SCAN_START_POSITION));
  }

  private static @Nullable Duration discovery(ReadableConfig config, DatasetSpec dataset) {
    ConfigOption<Duration> option = MillraceOptions.SCAN_DISCOVERY_INTERVAL;
    Duration interval = config.getOptional(option).orElse(null);
    if (interval == null) {
      return null;
    }
    positive(interval, option);
    if (interval.toMillis() == 0) {
      throw unusable(option, interval, "it must be at least a millisecond");
    }
    if (dataset.parts().size() > 1) {
      throw unusable(
          option,
          interval,
          "the dataset is aligned of "
              + dataset.parts().size()
              + " parts, which cannot be told to have grown by the same samples");
    }
    if (dataset.parts().get(0).roots().size() > 1) {
      throw unusable(
          option, interval, "the dataset has replicas, which do not grow at the same time");
    }
    return interval;
  }

  private static Memory memory(ReadableConfig config) {
    String policy = config.get(MillraceOptions.CACHE_POLICY);
    CachePolicies.named(policy); // fails here rather than on a TaskManager
    long bytes =
        config
            .getOptional(MillraceOptions.CACHE_MEMORY_SIZE)
            .map(size -> atLeast(1, size.getBytes(), MillraceOptions.CACHE_MEMORY_SIZE))
            .orElse(Memory.AUTO);
    return new Memory(
        policy,
        bytes,
        CompressionMode.named(config.get(MillraceOptions.CACHE_COMPRESSION)),
        config
            .getOptional(MillraceOptions.CACHE_TTL)
            .map(ttl -> positive(ttl, MillraceOptions.CACHE_TTL))
            .orElse(CacheSettings.NO_TTL),
        budget(config.get(MillraceOptions.PREFETCH_BUDGET)),
        atLeast(
            1,
            config.get(MillraceOptions.PREFETCH_MAX_REQUESTS),
            MillraceOptions.PREFETCH_MAX_REQUESTS));
  }

  private static Storage storage(ReadableConfig config) {
    return new Storage(
        positive(
            config.get(MillraceOptions.STORAGE_REQUEST_TIMEOUT),
            MillraceOptions.STORAGE_REQUEST_TIMEOUT),
        positive(
            config.get(MillraceOptions.STORAGE_RETRY_TIMEOUT),
            MillraceOptions.STORAGE_RETRY_TIMEOUT),
        config
            .getOptional(MillraceOptions.STORAGE_MAX_REQUESTS_PER_SECOND)
            .map(value -> atLeast(1, value, MillraceOptions.STORAGE_MAX_REQUESTS_PER_SECOND))
            .orElse(0),
        config.get(MillraceOptions.STORAGE_HEDGING));
  }

  private static int epochs(String value) {
    if (value.equals("unbounded")) {
      return EpochSettings.UNBOUNDED;
    }
    try {
      int epochs = atLeast(1, Integer.parseInt(value), MillraceOptions.SCAN_EPOCHS);
      if (epochs == EpochSettings.UNBOUNDED) {
        throw unusable(
            MillraceOptions.SCAN_EPOCHS,
            value,
            "it must be less; unbounded goes on without an end");
      }
      return epochs;
    } catch (NumberFormatException e) {
      throw unusable(
          MillraceOptions.SCAN_EPOCHS, value, "it must be a number of epochs or unbounded");
    }
  }

  private static long budget(String value) {
    if (value.equals("auto")) {
      return Memory.AUTO;
    }
    try {
      return MemorySize.parseBytes(value);
    } catch (IllegalArgumentException e) {
      throw unusable(
          MillraceOptions.PREFETCH_BUDGET, value, "it must be auto or a size such as 256 mb");
    }
  }

  private static int atLeast(int least, int value, ConfigOption<?> option) {
    return (int) atLeast(least, (long) value, option);
  }

  private static long atLeast(long least, long value, ConfigOption<?> option) {
    if (value < least) {
      throw unusable(option, value, "it must be at least " + least);
    }
    return value;
  }

  private static Duration positive(Duration value, ConfigOption<?> option) {
    if (value.isZero() || value.isNegative() || value.compareTo(LONGEST) > 0) {
      throw unusable(option, value, "it must be more than zero and at most a year");
    }
    return value;
  }

  private static IllegalArgumentException unusable(
      ConfigOption<?> option, Object value, String reason) {
    return new IllegalArgumentException(
        "Cannot use " + option.key() + " = " + value + ": " + reason);
  }
}
