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
    List<ShardObject> objects = fetchedSideBySide(slices);
    if (!objects.isEmpty()) {
      input.readAll(objects);
    }
    return open(shard.samplesIn(unit), slices, projections, RenamedOpener::open, input);
  }

  /** A sample that is bad in one part is bad. */
  @Override
  public ShardReader openLeniently(Shard shard, int unit, ShardInput input, Schema projection)
      throws IOException {
    List<PartProjection> projections = projections(projection);
    List<Slice> slices = projected(shard, projections);
    List<ShardObject> objects = fetchedSideBySide(slices);
    if (!objects.isEmpty()) {
      input.readEach(objects); // what is wrong with them is said to the part that they are of
    }
    return open(shard.samplesIn(unit), slices, projections, RenamedOpener::openLeniently, input);
  }

  private ShardReader open(
      int samples,
      List<Slice> slices,
      List<PartProjection> projections,
      OpenPart.Opening opening,
      ShardInput input)
      throws IOException {
    AlignedReader reader = new AlignedReader(samples);
    boolean opened = false;
    try {
      for (int number = 0; number < parts.size(); number++) {
        PartProjection own = projections.get(number);
        if (!own.isEmpty()) {
          OpenPart open = new OpenPart();
          reader.add(open, own.numbers());
          for (Slice slice : slices) {
            if (slice.part() == number) {
              open.add(slice, parts.get(number), opening, input, own.fields());
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
  private List<ShardObject> fetchedSideBySide(List<Slice> slices) throws IOException {
    List<ShardObject> objects = new ArrayList<>();
    if (slices.size() > 1) {
      for (Slice slice : slices) {
        objects.addAll(parts.get(slice.part()).readWhole(slice.shard()));
      }
    }
    return objects;
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
