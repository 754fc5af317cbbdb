// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source;

import io.millrace.flink.scan.DatasetSummary;
import io.millrace.flink.scan.OnChange;
import io.millrace.flink.scan.RecordFormat;
import io.millrace.flink.scan.ScanSelection;
import io.millrace.flink.scan.ScanSettings;
import io.millrace.format.ShardList;
import io.millrace.sample.Schema;
import io.millrace.storage.ObjectStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * A scan's dataset as it was found when the job was built, and the sources that read it. Immutable;
 * on the client only.
 */
@Internal
public final class FoundDataset {

  private final ScanSettings settings;
  private final DatasetSummary summary;
  private final ShardList shards;

  private FoundDataset(ScanSettings settings, DatasetSummary summary, ShardList shards) {
    this.settings = settings;
    this.summary = summary;
    this.shards = shards;
  }

  /**
   * Reads the dataset's index. Blocks on the store.
   *
   * @throws UncheckedIOException if it cannot be found or its index is damaged
   * @throws IllegalArgumentException if it does not fit what the settings say, such as the memory
   */
  public static FoundDataset find(ScanSettings settings) {
    return find(settings, null);
  }

  /**
   * As {@link #find(ScanSettings)}, of a dataset whose first root was just listed.
   *
   * @param listing what that holds; null to list it
   */
  public static FoundDataset find(ScanSettings settings, @Nullable List<ObjectStatus> listing) {
    DatasetDiscovery.Found found;
    try {
      found = new DatasetDiscovery(settings).find(listing);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot read the dataset at " + settings.dataset().location() + ": " + e.getMessage(), e);
    }
    DatasetSummary summary = DatasetSummary.of(found.manifest(), found.parts());
    if (settings.memory().cacheBytes() != ScanSettings.Memory.AUTO) {
      settings.checkHolds(summary); // with a share of the heap, TaskManagers tell
    }
    if (settings.epochs().discoveryInterval().isPresent()
        || settings.onChange() == OnChange.ACCEPT_NEW_SHARDS) {
      GrowthDiscovery.of(settings, summary, () -> {}); // fails here rather than when the job starts
    }
    return new FoundDataset(settings, summary, found.manifest().shards());
  }

  public ScanSettings settings() {
    return settings;
  }

  public DatasetSummary summary() {
    return summary;
  }

  /**
   * Samples of one epoch in the selected shards. Walks over all of them where not all are selected.
   */
  public long samplesPerEpoch(ScanSelection selection) {
    return selection.hasAllShards()
        ? summary.samples()
        : shards.stream()
            .filter(shard -> selection.shards().has(shard.name()))
            .mapToLong(shard -> shard.samples())
            .sum();
  }

  /**
   * A source of the whole scan.
   *
   * @param fields fields to decode, in their order; null for all
   * @param records the form of its records
   * @throws IllegalArgumentException if a field does not exist, or the position to start at
   */
  public <T> MillraceSource<T> source(@Nullable List<String> fields, RecordFormat<T> records) {
    return source(fields, ScanSelection.ALL, records);
  }

  /** A source of a part of the scan, as {@link #source(List, RecordFormat)}. */
  public <T> MillraceSource<T> source(
      @Nullable List<String> fields, ScanSelection selection, RecordFormat<T> records) {
    Schema schema = summary.schema();
    Schema projection = fields == null ? schema : schema.project(fields);
    ScanSettings selecting = settings.selecting(selection);
    selecting.epochs().checkStart(summary.units());
    DatasetSummary selected =
        SelectedDataset.of(summary, shards, selecting.epochs().selection().shards());
    return new MillraceSource<>(selecting, summary, selected, projection, records);
  }
}
