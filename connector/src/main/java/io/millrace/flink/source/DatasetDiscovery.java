// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source;

import io.millrace.flink.scan.DatasetPart;
import io.millrace.flink.scan.ErrorSettings;
import io.millrace.flink.scan.PartSummary;
import io.millrace.flink.scan.ScanSettings;
import io.millrace.flink.storage.FlinkObjectStore;
import io.millrace.format.DatasetFormat;
import io.millrace.format.DatasetFormats;
import io.millrace.format.DatasetManifest;
import io.millrace.format.aligned.AlignedDataset;
import io.millrace.format.aligned.AlignedPart;
import io.millrace.storage.DecoratedObjectStore;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStatus;
import io.millrace.storage.ObjectStore;
import io.millrace.storage.ObjectStores;
import io.millrace.storage.OriginCounters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds a scan's dataset: on the client when the job is built, in the enumerator when it runs. */
record DatasetDiscovery(ScanSettings settings) {

  /**
   * A dataset.
   *
   * @param parts what it is joined or renamed of; empty for a dataset as it lies
   */
  record Found(DatasetManifest manifest, List<PartSummary> parts) {}

  Found find() throws IOException {
    return find(null);
  }

  /**
   * Finds the dataset.
   *
   * @param listing what its root, or the first part's, holds; null to list it
   */
  Found find(@Nullable List<ObjectStatus> listing) throws IOException {
    DatasetFormats formats = DatasetFormats.load(DatasetDiscovery.class.getClassLoader());
    try (FlinkObjectStore base = new FlinkObjectStore();
        DecoratedObjectStore decorated =
            ObjectStores.decorated(
                base, settings.storage().toStorageSettings(), new OriginCounters())) {
      List<AlignedPart> parts = new ArrayList<>();
      for (DatasetPart part : settings.dataset().parts()) {
        parts.add(find(part, formats, decorated, parts.isEmpty() ? listing : null));
      }
      return settings.dataset().isAligned()
          ? join(parts)
          : new Found(parts.get(0).manifest(), List.of());
    }
  }

  /** Its shards; where some may be left out, damaged and missing ones included. */
  static DatasetManifest discover(
      DatasetFormat format, ErrorSettings errors, ObjectStore store, ObjectLocation root)
      throws IOException {
    return errors.skips() ? format.discoverLeniently(store, root) : format.discover(store, root);
  }

  private AlignedPart find(
      DatasetPart part,
      DatasetFormats formats,
      DecoratedObjectStore decorated,
      @Nullable List<ObjectStatus> listing)
      throws IOException {
    if (!part.partitions().isEmpty()) {
      DatasetManifest manifest =
          new PartitionDiscovery(part, formats, decorated, settings.errors()).find();
      return new AlignedPart(formats.named(manifest.format()), manifest, part.names());
    }
    ObjectLocation root = part.root();
    ObjectStore store = new RootListedOnce(decorated.replicated(part.locations()), root, listing);
    DatasetFormat format =
        part.format().equals(DatasetPart.AUTO)
            ? formats.detect(store, decorated.once(), root)
            : formats.named(part.format());
    return new AlignedPart(format, discover(format, settings.errors(), store, root), part.names());
  }

  private static Found join(List<AlignedPart> parts) throws IOException {
    AlignedDataset joined = AlignedDataset.join(parts);
    List<PartSummary> summaries = new ArrayList<>();
    for (AlignedPart part : parts) {
      double reads = joined.readsPerEpoch().get(summaries.size());
      summaries.add(PartSummary.of(part.manifest(), reads));
    }
    return new Found(joined.manifest(), summaries);
  }
}
