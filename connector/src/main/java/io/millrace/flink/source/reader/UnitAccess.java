// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.cache.EpochStatistics;
import io.millrace.cache.Extent;
import io.millrace.cache.ExtentCache;
import io.millrace.cache.PinnedExtent;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.format.ByteRange;
import io.millrace.format.ShardObject;
import io.millrace.prefetch.OriginRequests;
import io.millrace.prefetch.ParallelReads;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.ObjectChangedException;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStore;
import io.millrace.storage.RangeReader;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/**
 * How one unit's bytes are reached.
 *
 * @param split the unit
 * @param origins where the dataset lies, by {@link ShardObject#root}
 * @param cache the cache to go through
 * @param parallel reads small objects side by side
 * @param reason what the cache is told
 * @param verifyHashes whether published hashes are checked
 * @param statistics where requests to the origin are counted
 */
record UnitAccess(
    MillraceSplit split,
    List<Origin> origins,
    ExtentCache cache,
    ParallelReads parallel,
    ExtentCache.Access reason,
    boolean verifyHashes,
    EpochStatistics statistics) {

  /**
   * A place where objects lie.
   *
   * @param root the root that they are named under
   * @param store what asks it for them
   * @param versions tells whether they are of the version that discovery saw
   */
  record Origin(ObjectLocation root, ObjectStore store, VersionChecks versions) {}

  private Origin origin(ShardObject object) {
    return origins.get(object.root());
  }

  ObjectLocation location(ShardObject object) {
    return origin(object).root().resolve(object.path());
  }

  /** Whether an object is checked against its hash, rather than its version. */
  boolean verifies(ShardObject object) {
    return verifyHashes && object.hash().isPresent();
  }

  /** Whether all of a range is in the cache, or on its way. */
  boolean isResident(ShardObject object, ByteRange range) {
    return ExtentLayout.extents(location(object), object.version(), range).stream()
        .allMatch(cache::isResident);
  }

  /**
   * Pins an extent of an object, which is fetched if the cache does not have it.
   *
   * @param requests asked for a turn only if it is fetched
   */
  PinnedExtent acquire(ShardObject object, Extent extent, OriginRequests requests)
      throws IOException, InterruptedException {
    if (cache.isOnItsWay(extent)) {
      return requests.share(() -> pin(object, extent, requests));
    }
    return pin(object, extent, requests);
  }

  private PinnedExtent pin(ShardObject object, Extent extent, OriginRequests requests)
      throws IOException, InterruptedException {
    return cache.acquire(
        extent,
        (wanted, target) ->
            requests.fetch(
                wanted.length(),
                () -> {
                  fetch(object, wanted, target);
                  return target;
                }),
        reason);
  }

  void fetch(ShardObject object, Extent extent, ByteChunks target) throws IOException {
    try (RangeReader reader = origin(object).store().open(extent.object(), extent.version())) {
      reader.readFully(extent.offset(), target);
    }
    statistics.recordOrigin(1, extent.length());
  }

  /**
   * Checks that objects are still the version that discovery saw: {@link VersionChecks#ask}.
   *
   * @throws ObjectChangedException if one is not
   */
  void checkVersions(Collection<ShardObject> objects) throws IOException {
    for (ShardObject object : objects) {
      checkVersion(object);
    }
  }

  void checkVersion(ShardObject object) throws IOException {
    Origin origin = origin(object);
    origin
        .versions()
        .ask(
            origin.store(),
            location(object),
            object.version(),
            () -> statistics.recordOrigin(1, 0));
  }

  VersionChecks versions(ShardObject object) {
    return origin(object).versions();
  }

  String describe() {
    // The first object is of what the shard is named after.
    int root = split.shard().objects().get(0).root();
    return "unit "
        + split.unit()
        + " of shard "
        + origins.get(root).root().resolve(split.shard().name())
        + " (epoch "
        + split.epoch()
        + ")";
  }
}
