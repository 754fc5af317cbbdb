// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.ValueSink;
import io.millrace.sample.Schema;
import io.millrace.storage.ByteChunks;
import java.util.List;
import java.util.Locale;

/**
 * MDS samples: the sizes of the variable columns as uint32, then the values of all columns. Sizes
 * have to add up to the sample exactly.
 */
final class MdsSampleDecoder implements SampleDecoder {

  private final List<Column> columns;
  private final long[] sizes;
  private final int header;
  private final int[] projected;
  private final ColumnDecoder[] decoders;

  /** Of the sample at hand: where each column's value ends, from the sample's first byte. */
  private final long[] ends;

  /**
   * @throws IllegalArgumentException if a projected column does not exist, or its encoding
   */
  MdsSampleDecoder(List<Column> columns, Schema projection) {
    this.columns = columns;
    this.sizes = columns.stream().mapToLong(Column::size).toArray();
    this.ends = new long[sizes.length];
    this.projected = Projections.places(columns, projection);
    this.decoders = new ColumnDecoder[projected.length];
    for (int i = 0; i < projected.length; i++) {
      decoders[i] = Encoding.parse(columns.get(projected[i]).encoding()).decoder();
    }
    int variable = 0;
    for (long size : sizes) {
      variable += size == 0 ? 1 : 0;
    }
    this.header = Integer.BYTES * variable;
  }

  @Override
  public void decode(ByteChunks data, long position, long length, ValueSink sink)
      throws MalformedValueException {
    locate(data, position, length);
    for (int field = 0; field < projected.length; field++) {
      int column = projected[field];
      long begin = column == 0 ? header : ends[column - 1];
      long size = ends[column] - begin;
      if (size > Integer.MAX_VALUE - Long.BYTES) {
        throw inColumn(
            column, begin, new MalformedValueException(0, "a value of " + size + " bytes"));
      }
      try {
        decoders[field].decode(data, position + begin, (int) size, field, sink);
      } catch (MalformedValueException e) {
        throw inColumn(column, begin, e);
      }
    }
  }

  private void locate(ByteChunks data, long position, long length) throws MalformedValueException {
    if (length < header) {
      throw new MalformedValueException(
          0, "it has " + length + " bytes, of which " + header + " should be its columns' sizes");
    }
    long at = header;
    long sizeAt = position;
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] != 0) {
        at += sizes[i];
      } else {
        at += data.getUnsignedInt(sizeAt);
        sizeAt += Integer.BYTES;
      }
      ends[i] = at;
    }
    if (at != length) {
      throw new MalformedValueException(
          0, "its columns' sizes add up to " + at + " bytes, but it has " + length);
    }
  }

  private MalformedValueException inColumn(int column, long begin, MalformedValueException e) {
    return new MalformedValueException(
        begin + e.at(),
        String.format(
            Locale.ROOT,
            "column \"%s\" (%s): %s",
            PythonNumbers.shorten(columns.get(column).name()),
            PythonNumbers.shorten(columns.get(column).encoding()),
            e.getMessage()),
        e);
  }
}
