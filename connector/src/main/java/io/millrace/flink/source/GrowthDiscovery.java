// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source;

import io.millrace.flink.scan.DatasetPart;
import io.millrace.flink.scan.DatasetSummary;
import io.millrace.flink.scan.ScanSettings;
import io.millrace.flink.source.enumerator.GenerationDiscovery;
import io.millrace.flink.storage.FlinkObjectStore;
import io.millrace.format.DatasetFormat;
import io.millrace.format.DatasetFormats;
import io.millrace.format.GenerationListing;
import io.millrace.format.GrowingFormat;
import io.millrace.format.Shard;
import io.millrace.sample.Schema;
import io.millrace.storage.DecoratedObjectStore;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStores;
import io.millrace.storage.OriginCounters;
import java.io.IOException;

/**
 * Looks at a scan's dataset while it grows.
 *
 * @param settings the scan's
 * @param format its format
 * @param schema its fields, by their own names
 * @param check run before each look: throws if a checkpoint cannot be resumed
 */
record GrowthDiscovery(ScanSettings settings, GrowingFormat format, Schema schema, Runnable check)
    implements GenerationDiscovery {

  /**
   * Of the dataset that was found when the source was built.
   *
   * @param check as the component
   * @throws IllegalArgumentException if its format cannot tell what was added to it
   */
  static GrowthDiscovery of(ScanSettings settings, DatasetSummary found, Runnable check) {
    boolean renamed = !found.parts().isEmpty();
    String name = renamed ? found.parts().get(0).format() : found.format();
    DatasetFormats formats = DatasetFormats.load(GrowthDiscovery.class.getClassLoader());
    return new GrowthDiscovery(
        settings,
        growing(formats.named(name), settings),
        renamed ? found.parts().get(0).schema() : found.schema(),
        check);
  }

  static GrowingFormat growing(DatasetFormat format, ScanSettings settings) {
    if (!(format instanceof GrowingFormat growing)) {
      throw new IllegalArgumentException(
          "Cannot use scan.discovery.interval with the dataset at "
              + settings.dataset().location()
              + ": in format "
              + format.name()
              + " new shards cannot be told from those that were there before");
    }
    return growing;
  }

  /**
   * Looks.
   *
   * @throws IllegalArgumentException if a unit was added that does not fit into the memory
   */
  @Override
  public GenerationListing find(long[] known, long next) throws IOException {
    check.run();
    DatasetPart part = settings.dataset().parts().get(0);
    try (FlinkObjectStore base = new FlinkObjectStore();
        DecoratedObjectStore decorated =
            ObjectStores.decorated(
                base, settings.storage().toStorageSettings(), new OriginCounters())) {
      GenerationListing found =
          format.discover(decorated.replicated(part.locations()), part.root(), schema, known, next);
      if (settings.memory().cacheBytes() != ScanSettings.Memory.AUTO) {
        settings.checkHolds(found.next().stream().mapToLong(Shard::unitBytes).max().orElse(0));
      }
      return found;
    }
  }

  @Override
  public boolean isCompleteWhenSeen() {
    return format.isCompleteWhenSeen();
  }

  @Override
  public ObjectLocation location() {
    return settings.dataset().parts().get(0).root();
  }
}
