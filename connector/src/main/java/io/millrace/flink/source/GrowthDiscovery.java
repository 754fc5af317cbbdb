// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source;

import io.millrace.flink.scan.DatasetPart;
import io.millrace.flink.scan.DatasetSummary;
import io.millrace.flink.scan.MillraceOptions;
import io.millrace.flink.scan.ScanSettings;
import io.millrace.flink.source.enumerator.GenerationDiscovery;
import io.millrace.flink.storage.FlinkObjectStore;
import io.millrace.format.DatasetFormat;
import io.millrace.format.DatasetFormats;
import io.millrace.format.GenerationListing;
import io.millrace.format.GrowingFormat;
import io.millrace.format.Shard;
import io.millrace.format.ShardList;
import io.millrace.sample.Schema;
import io.millrace.storage.DecoratedObjectStore;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStore;
import io.millrace.storage.ObjectStores;
import io.millrace.storage.OriginCounters;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

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
    return of(settings, found, growing(formatOf(found), settings), check);
  }

  /**
   * Of the dataset that was found when the source was built, which does not grow while it is read;
   * null if what is added to it between two jobs could not be told from what was there.
   *
   * @param check as the component
   */
  static @Nullable GrowthDiscovery between(
      ScanSettings settings, DatasetSummary found, Runnable check) {
    List<DatasetPart> parts = settings.dataset().parts();
    boolean single = parts.size() == 1 && parts.get(0).partitions().isEmpty();
    return single && formatOf(found) instanceof GrowingFormat growing
        ? of(settings, found, growing, check)
        : null;
  }

  private static GrowthDiscovery of(
      ScanSettings settings, DatasetSummary found, GrowingFormat format, Runnable check) {
    boolean renamed = !found.parts().isEmpty();
    Schema schema = renamed ? found.parts().get(0).schema() : found.schema();
    return new GrowthDiscovery(settings, format, schema, check);
  }

  private static DatasetFormat formatOf(DatasetSummary found) {
    String name = found.parts().isEmpty() ? found.format() : found.parts().get(0).format();
    return DatasetFormats.load(GrowthDiscovery.class.getClassLoader()).named(name);
  }

  static GrowingFormat growing(DatasetFormat format, ScanSettings settings) {
    if (!(format instanceof GrowingFormat growing)) {
      String option =
          settings.epochs().discoveryInterval().isPresent()
              ? MillraceOptions.SCAN_DISCOVERY_INTERVAL.key()
              : settings.onChange().setting();
      throw new IllegalArgumentException(
          "Cannot use "
              + option
              + " with the dataset at "
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
      ObjectStore store = decorated.replicated(part.locations());
      GenerationListing found =
          isLenient()
              ? format.discoverLeniently(store, part.root(), schema, known, next)
              : format.discover(store, part.root(), schema, known, next);
      if (settings.memory().cacheBytes() != ScanSettings.Memory.AUTO) {
        settings.checkHolds(found.next().stream().mapToLong(Shard::unitBytes).max().orElse(0));
      }
      return found;
    }
  }

  /** What is missing while shards are added may come yet; later it is as damaged. */
  private boolean isLenient() {
    return settings.errors().skips() && settings.epochs().discoveryInterval().isEmpty();
  }

  @Override
  public OptionalLong markOf(ShardList shards) {
    return format.markOf(shards);
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
