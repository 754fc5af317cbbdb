// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import io.millrace.format.Shard;
import io.millrace.format.ShardInput;
import io.millrace.format.ShardOpener;
import io.millrace.format.ShardReader;
import io.millrace.sample.Schema;
import java.io.IOException;
import java.util.List;

/**
 * Opens the shards of an {@link AlignedDataset} of several parts. A part of which no field is
 * projected is not opened.
 */
public final class AlignedOpener implements ShardOpener {

  private final List<RenamedOpener> parts;

  /**
   * @param parts in the order in which they were joined
   */
  public AlignedOpener(List<RenamedOpener> parts) {
    this.parts = List.copyOf(parts);
  }

  @Override
  public ShardReader open(Shard shard, int unit, ShardInput input, Schema projection)
      throws IOException {
    List<Slice> slices = AlignedDescriptor.slicesOf(shard, parts.size());
    AlignedReader reader = new AlignedReader(shard.samplesIn(unit));
    boolean opened = false;
    try {
      for (int number = 0; number < parts.size(); number++) {
        RenamedOpener part = parts.get(number);
        PartProjection own = PartProjection.of(part, projection);
        if (!own.isEmpty()) {
          OpenPart open = new OpenPart();
          reader.add(open, own.numbers());
          for (Slice slice : slices) {
            if (slice.part() == number) {
              open.add(slice, part, input, own.fields());
            }
          }
        }
      }
      opened = true;
      return reader;
    } finally {
      if (!opened) {
        reader.close();
      }
    }
  }

  /** Of the parts that are opened alone. */
  @Override
  public long unitBytes(Shard shard, Schema projection) {
    List<Slice> slices;
    try {
      slices = AlignedDescriptor.slicesOf(shard, parts.size());
    } catch (IOException e) {
      return shard.unitBytes(); // to be said when it is opened
    }
    return slices.stream()
        .filter(slice -> !PartProjection.of(parts.get(slice.part()), projection).isEmpty())
        .mapToLong(Slice::unitBytes)
        .sum();
  }
}
