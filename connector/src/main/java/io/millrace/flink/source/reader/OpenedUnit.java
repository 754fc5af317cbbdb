// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.format.CountingReader;
import io.millrace.format.ShardReader;

/**
 * One opening of a unit; whoever has it closes it.
 *
 * @param reader decodes its samples
 * @param input holds their bytes
 */
record OpenedUnit(CountingReader reader, CachedShardInput input) implements AutoCloseable {

  OpenedUnit(ShardReader reader, CachedShardInput input) {
    this(new CountingReader(reader), input);
  }

  @Override
  public void close() {
    reader.close();
    input.close();
  }
}
