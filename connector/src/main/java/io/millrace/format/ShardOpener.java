// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import io.millrace.sample.Schema;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Opens the shards of a dataset. Thread-safe. */
public interface ShardOpener {

  /**
   * Opens one unit of a shard. All reading, verifying and inflating happens here, on the calling
   * thread, which may block; the reader that it returns only decodes memory. The caller closes the
   * reader first and then the input.
   *
   * @param shard a shard of a manifest of the dataset
   * @param unit 0 … {@code shard.units() - 1}
   * @param input the shard's bytes; what it returns stays valid until the caller closes it
   * @param projection the fields to decode, a subset of the dataset's schema in any order
   * @throws io.millrace.storage.CorruptObjectException if the bytes are not what the format and the
   *     index promise
   */
  ShardReader open(Shard shard, int unit, ShardInput input, Schema projection) throws IOException;

  /**
   * Opens a unit as {@link #open} does, though single samples of it are damaged or missing: where a
   * sample has objects of its own, what is wrong with them shows as a {@link BadSampleException}
   * when that sample is read, after damaged ones were fetched once more. By default samples have
   * none.
   *
   * @throws IOException if something is wrong with more than single samples, or with the way to
   *     them, as {@link #open}
   */
  default ShardReader openLeniently(Shard shard, int unit, ShardInput input, Schema projection)
      throws IOException {
    return open(shard, unit, input, projection);
  }

  /**
   * Objects that opening any unit of a shard reads whole, none of them empty: who opens several
   * shards has them fetched side by side before. A hint; what it lacks only takes longer.
   *
   * @param shard as for {@link #open}
   */
  default List<ShardObject> readWhole(Shard shard) throws IOException {
    return List.of();
  }

  /**
   * What opening any unit of a shard reads first, before it knows where the unit lies: who opens
   * units ahead of time has it fetched before. A hint; empty if everything is known, or what there
   * is lies in the unit itself.
   *
   * @param shard as for {@link #open}
   */
  default Optional<FirstRead> readFirst(Shard shard) throws IOException {
    return Optional.empty();
  }

  /**
   * A range of an object that is small beside a unit.
   *
   * @param range as {@link ShardInput#read} is asked for it
   */
  record FirstRead(ShardObject object, ByteRange range) {}

  /**
   * Working memory that opening the largest unit of a shard takes if only some fields are decoded,
   * in bytes.
   */
  default long unitBytes(Shard shard, Schema projection) {
    return shard.unitBytes();
  }
}
