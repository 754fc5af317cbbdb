// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source;

import io.millrace.flink.scan.DatasetPart;
import io.millrace.flink.scan.ScanSettings;
import io.millrace.flink.storage.FlinkObjectStore;
import io.millrace.format.DatasetFormats;
import io.millrace.format.PartitionPath;
import io.millrace.format.PartitionTree;
import io.millrace.format.PartitionedDataset;
import io.millrace.storage.DecoratedObjectStore;
import io.millrace.storage.ObjectStores;
import io.millrace.storage.OriginCounters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.annotation.Internal;

/**
 * The partitions of a scan's dataset, and the datasets that some of them are. On the client only;
 * used by one thread.
 */
@Internal
public final class FoundPartitions {

  private final ScanSettings settings;
  private final List<PartitionPath> all;
  private final Map<List<PartitionPath>, FoundDataset> datasets = new HashMap<>();

  private FoundPartitions(ScanSettings settings, List<PartitionPath> all) {
    this.settings = settings;
    this.all = all;
  }

  /**
   * Lists the directories of partitions, without a look into them. Blocks on the store.
   *
   * @param settings of a dataset of one part
   * @param keys of the partitions, from the root downwards
   * @throws UncheckedIOException if they cannot be listed or are others; the message says what to
   *     change
   */
  public static FoundPartitions find(ScanSettings settings, List<String> keys) {
    DatasetPart part = settings.dataset().parts().get(0);
    try (FlinkObjectStore base = new FlinkObjectStore();
        DecoratedObjectStore decorated =
            ObjectStores.decorated(
                base, settings.storage().toStorageSettings(), new OriginCounters())) {
      PartitionTree tree =
          new PartitionTree(
              decorated.replicated(part.locations()),
              part.root(),
              DatasetFormats.load(FoundPartitions.class.getClassLoader()));
      return new FoundPartitions(settings, tree.all(keys));
    } catch (IOException e) {
      throw failed(settings, e);
    }
  }

  private static UncheckedIOException failed(ScanSettings settings, IOException cause) {
    return new UncheckedIOException(
        "Cannot read the dataset at " + settings.dataset().location() + ": " + cause.getMessage(),
        cause);
  }

  /** All of them, at least one. */
  public List<PartitionPath> all() {
    return all;
  }

  /** The dataset in the first one: it tells the fields of all. */
  public FoundDataset first() {
    return found(all.subList(0, 1));
  }

  /**
   * The dataset in some of them, as {@link FoundDataset#find}; each is found once.
   *
   * @param selected at least one
   * @throws UncheckedIOException also if its fields are not those of the first one
   */
  public FoundDataset dataset(List<PartitionPath> selected) {
    FoundDataset found = found(selected);
    try {
      PartitionedDataset.checkFields(
          all.get(0).directory(),
          first().summary().schema(),
          selected.get(0).directory(),
          found.summary().schema());
    } catch (IOException e) {
      throw failed(settings, e);
    }
    return found;
  }

  private FoundDataset found(List<PartitionPath> selected) {
    return datasets.computeIfAbsent(
        List.copyOf(selected),
        paths ->
            FoundDataset.find(
                settings.ofPartitions(paths.stream().map(PartitionPath::directory).toList())));
  }
}
