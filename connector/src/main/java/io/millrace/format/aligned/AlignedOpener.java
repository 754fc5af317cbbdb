// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import io.millrace.format.Shard;
import io.millrace.format.ShardInput;
import io.millrace.format.ShardObject;
import io.millrace.format.ShardOpener;
import io.millrace.format.ShardReader;
import io.millrace.sample.Schema;
import java.io.IOException;
import java.util.ArrayList;
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
    List<PartProjection> projections = projections(projection);
    List<Slice> slices = projected(shard, projections);
    fetchSideBySide(slices, input);
    AlignedReader reader = new AlignedReader(shard.samplesIn(unit));
    boolean opened = false;
    try {
      for (int number = 0; number < parts.size(); number++) {
        PartProjection own = projections.get(number);
        if (!own.isEmpty()) {
          OpenPart open = new OpenPart();
          reader.add(open, own.numbers());
          for (Slice slice : slices) {
            if (slice.part() == number) {
              open.add(slice, parts.get(number), input, own.fields());
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

  private List<PartProjection> projections(Schema projection) {
    return parts.stream().map(part -> PartProjection.of(part, projection)).toList();
  }

  /** The slices of parts with projected fields. */
  private List<Slice> projected(Shard shard, List<PartProjection> projections) throws IOException {
    return AlignedDescriptor.slicesOf(shard, parts.size()).stream()
        .filter(slice -> !projections.get(slice.part()).isEmpty())
        .toList();
  }

  /** Parts are opened one after the other, but their requests shall not wait for each other. */
  private void fetchSideBySide(List<Slice> slices, ShardInput input) throws IOException {
    if (slices.size() > 1) {
      List<ShardObject> objects = new ArrayList<>();
      for (Slice slice : slices) {
        objects.addAll(parts.get(slice.part()).readWhole(slice.shard()));
      }
      input.readAll(objects);
    }
  }

  /** Of the parts that are opened alone. */
  @Override
  public long unitBytes(Shard shard, Schema projection) {
    try {
      return projected(shard, projections(projection)).stream().mapToLong(Slice::unitBytes).sum();
    } catch (IOException e) {
      return shard.unitBytes(); // what is wrong is said when it is opened
    }
  }
}
