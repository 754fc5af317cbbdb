// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import io.millrace.format.Shard;
import io.millrace.format.ShardInput;
import io.millrace.format.ShardReader;
import io.millrace.format.ValueSink;
import io.millrace.sample.Schema;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What is open of one part in an aligned shard. Used by one thread at a time. */
final class OpenPart implements Closeable {

  /** In the order of their samples; each begins where the one before ends. */
  private final List<OpenUnit> units = new ArrayList<>();

  private int samples;

  /** Opens what the part's next samples lie in; what was opened before a failure stays open. */
  void add(Slice slice, RenamedOpener opener, Opening opening, ShardInput input, Schema projection)
      throws IOException {
    Shard shard = slice.shard();
    long end = slice.first() + slice.count();
    for (int unit = slice.firstUnit(); unit <= slice.lastUnit(); unit++) {
      long unitBegin = shard.firstSample(unit);
      long from = Math.max(slice.first(), unitBegin);
      long to = Math.min(end, unitBegin + shard.samplesIn(unit));
      ShardReader reader = opening.open(opener, shard, unit, input, projection);
      units.add(new OpenUnit(samples, Math.toIntExact(from - unitBegin), reader));
      samples += Math.toIntExact(to - from);
    }
  }

  /** Decodes a sample, counted in the aligned shard. */
  void read(int index, ValueSink sink) throws IOException {
    OpenUnit unit = unitOf(index);
    unit.reader.read(unit.first + index - unit.begin, sink);
  }

  private OpenUnit unitOf(int index) {
    int low = 0;
    int high = units.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (units.get(middle).begin <= index) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return units.get(low);
  }

  @Override
  public void close() {
    units.forEach(unit -> unit.reader.close());
    units.clear();
  }

  /** One of the ways to open a unit. */
  @FunctionalInterface
  interface Opening {
    ShardReader open(
        RenamedOpener opener, Shard shard, int unit, ShardInput input, Schema projection)
        throws IOException;
  }

  /**
   * An open unit of the part.
   *
   * @param begin its first sample that belongs to the aligned shard, counted there
   * @param first the same one, counted in the unit
   */
  private record OpenUnit(int begin, int first, ShardReader reader) {}
}
