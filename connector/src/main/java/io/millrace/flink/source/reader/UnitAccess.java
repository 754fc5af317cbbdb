// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.cache.EpochStatistics;
import io.millrace.cache.Extent;
import io.millrace.cache.ExtentCache;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.format.ShardObject;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStore;
import io.millrace.storage.ObjectVersion;
import io.millrace.storage.RangeReader;
import java.io.IOException;

/**
 * How one unit's bytes are reached.
 *
 * @param split the unit
 * @param root where the dataset lies
 * @param cache the cache to go through
 * @param store the origin
 * @param reason what the cache is told
 * @param verifyHashes whether published hashes are checked
 * @param statistics where requests to the origin are counted
 */
record UnitAccess(
    MillraceSplit split,
    ObjectLocation root,
    ExtentCache cache,
    ObjectStore store,
    ExtentCache.Access reason,
    boolean verifyHashes,
    EpochStatistics statistics) {

  ObjectLocation location(ShardObject object) {
    return root.resolve(object.path());
  }

  void fetch(Extent extent, ByteChunks target) throws IOException {
    try (RangeReader reader = store.open(extent.object())) {
      reader.readFully(extent.offset(), target);
    }
    statistics.recordOrigin(1, extent.length());
  }

  ObjectVersion currentVersion(ShardObject object) throws IOException {
    statistics.recordOrigin(1, 0);
    return store.status(location(object)).version();
  }

  boolean isWholeShard() {
    return split.shard().units() == 1;
  }

  String describe() {
    return "unit "
        + split.unit()
        + " of shard "
        + root.resolve(split.shard().name())
        + " (epoch "
        + split.epoch()
        + ")";
  }
}
