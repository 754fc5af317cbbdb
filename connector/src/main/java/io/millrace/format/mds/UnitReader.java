// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.ShardReader;
import io.millrace.format.ValueSink;
import java.io.IOException;
import java.util.Objects;

/** Reads samples out of an open unit. */
final class UnitReader implements ShardReader {

  private final OpenUnit unit;
  private final SampleDecoder decoder;

  UnitReader(OpenUnit unit, SampleDecoder decoder) {
    this.unit = unit;
    this.decoder = decoder;
  }

  @Override
  public int samples() {
    return unit.samples();
  }

  @Override
  public void read(int index, ValueSink sink) throws IOException {
    Objects.checkIndex(index, unit.samples());
    long begin = unit.offset(index);
    long end = unit.offset(index + 1);
    try {
      decoder.decode(unit.data(), begin - unit.base(), end - begin, sink);
    } catch (MalformedValueException e) {
      throw unit.source()
          .corrupt(
              begin + e.at(), "sample " + (unit.firstSample() + index) + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {}
}
