// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.format.BadSampleException;
import io.millrace.format.ShardReader;
import io.millrace.format.ValueSink;
import java.io.IOException;

/**
 * A unit that cannot be opened, as one none of whose samples can be read.
 *
 * @param reason why
 */
record UnreadableUnit(int samples, IOException reason) implements ShardReader {

  @Override
  public void read(int index, ValueSink sink) throws BadSampleException {
    throw new BadSampleException(reason);
  }

  @Override
  public void close() {}
}
