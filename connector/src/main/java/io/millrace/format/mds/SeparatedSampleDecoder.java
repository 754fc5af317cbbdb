// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.ValueSink;
import io.millrace.format.mds.ShardEntry.TextForm;
import io.millrace.sample.Schema;
import io.millrace.storage.ByteChunks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lines of values with separators between: no quoting, no escapes. */
final class SeparatedSampleDecoder implements SampleDecoder {

  private final List<Column> columns;
  private final TextForm form;
  private final int[] fields;
  private final @Nullable TextColumn[] types;

  /**
   * @throws IllegalArgumentException if a projected column does not exist
   */
  SeparatedSampleDecoder(List<Column> columns, TextForm form, Schema projection) {
    Projections.places(columns, projection);
    this.columns = columns;
    this.form = form;
    this.fields = Projections.fields(columns, projection);
    this.types = new @Nullable TextColumn[fields.length];
    for (int i = 0; i < types.length; i++) {
      types[i] = TextColumn.named(columns.get(i).encoding());
    }
  }

  @Override
  public void decode(ByteChunks data, long position, long length, ValueSink sink)
      throws MalformedValueException {
    String line = TextLines.line(data, position, length, form.newline());
    int at = 0;
    for (int column = 0; column < fields.length; column++) {
      boolean last = column == fields.length - 1;
      int end = line.indexOf(form.separator(), at);
      if (last ? end >= 0 : end < 0) {
        throw new MalformedValueException(
            0, "the line does not have exactly " + fields.length + " values");
      }
      end = last ? line.length() : end;
      if (fields[column] >= 0) {
        set(line.substring(at, end), column, sink);
      }
      at = end + form.separator().length();
    }
  }

  private void set(String text, int column, ValueSink sink) throws MalformedValueException {
    TextColumn type = types[column];
    if (type == null) {
      throw new IllegalStateException("Cannot decode " + columns.get(column));
    }
    try {
      type.set(text, fields[column], sink);
    } catch (MalformedValueException e) {
      throw TextLines.inColumn(columns.get(column), e);
    }
  }
}
