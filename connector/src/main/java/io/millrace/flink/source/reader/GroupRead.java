// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.cache.Extent;
import io.millrace.format.BadInput;
import io.millrace.format.ShardObject;
import io.millrace.prefetch.OriginRequests;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectChangedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Pins many whole objects for a {@link CachedShardInput}: those in the cache one after the other,
 * those that are fetched side by side. Larger objects than an extent are left to it. Used once.
 *
 * @param input whose they are
 * @param access how they are reached
 * @param requests for asking the origin
 * @param lenient whether the others are pinned, too, if some are damaged or missing
 */
record GroupRead(
    CachedShardInput input, UnitAccess access, OriginRequests requests, boolean lenient) {

  /**
   * Pins them.
   *
   * @return why objects are not pinned that are damaged or missing, by their extent
   */
  Map<Extent, IOException> pin(List<ShardObject> objects) throws IOException {
    Map<Extent, WholeRead> reads = new LinkedHashMap<>();
    for (ShardObject object : objects) {
      List<Extent> extents = input.wholeExtents(object);
      Extent first = extents.get(0);
      if (extents.size() == 1 && !input.isPinned(first)) {
        reads.put(first, new WholeRead(access, requests, object, first, lenient));
      }
    }
    input.account(reads.keySet().stream().mapToLong(Extent::length).sum());
    Map<Extent, IOException> failed = new HashMap<>();
    List<WholeRead> absent = new ArrayList<>();
    for (WholeRead read : reads.values()) {
      if (access.cache().isResident(read.extent())) {
        pinResident(read, failed);
      } else {
        input.asks(read.object(), read.extent());
        absent.add(read);
      }
    }
    if (!absent.isEmpty()) {
      pinAbsent(absent, failed);
    }
    return failed;
  }

  private void pinResident(WholeRead read, Map<Extent, IOException> failed) throws IOException {
    try {
      input.hold(read.object(), read.extent());
    } catch (IOException e) {
      if (!lenient || !BadInput.is(e)) {
        throw e;
      }
      failed.put(read.extent(), e);
    }
  }

  private void pinAbsent(List<WholeRead> absent, Map<Extent, IOException> failed)
      throws IOException {
    List<WholeRead.Outcome> outcomes;
    try {
      outcomes = access.parallel().all(absent, WholeRead.Outcome::giveBack);
    } catch (InterruptedException e) {
      throw CachedShardInput.interrupted(absent.get(0).extent().object(), e);
    } catch (ObjectChangedException | CorruptObjectException e) {
      input.drop();
      throw e;
    }
    for (WholeRead.Outcome outcome : outcomes) {
      if (outcome instanceof WholeRead.Result result) {
        input.adopt(result);
      } else if (outcome instanceof WholeRead.Failure failure) {
        failed.put(failure.read().extent(), failure.reason());
      }
    }
  }
}
