// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import java.io.Closeable;
import java.io.IOException;

/**
 * Decodes the samples of one open unit of a shard, in any order, out of memory: never blocks. Used
 * by one thread at a time. Nothing that it decodes aliases the memory that it reads from.
 */
public interface ShardReader extends Closeable {

  /** Number of samples in the unit. */
  int samples();

  /**
   * Decodes the projected fields of a sample into a sink: one {@code set} call a field.
   *
   * @param index place in the unit in stored order, 0 … {@link #samples} − 1
   * @throws io.millrace.storage.CorruptObjectException if the sample's bytes break the format
   * @throws BadSampleException if the unit was opened leniently and it is this sample that could
   *     not be
   */
  void read(int index, ValueSink sink) throws IOException;

  /** Gives back codecs and the like; the input stays open. */
  @Override
  void close();
}
