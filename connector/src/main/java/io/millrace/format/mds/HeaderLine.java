// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.mds.ShardEntry.TextForm;
import io.millrace.storage.CorruptObjectException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The first line of a separated-values shard: the names of its columns. */
final class HeaderLine {

  private HeaderLine() {}

  /** Checks its length against the offsets, and its bytes where the unit has them. */
  static void check(OpenUnit unit, ShardDescriptor descriptor) throws CorruptObjectException {
    TextForm form = descriptor.text();
    long length = length(descriptor.columns(), form);
    long found = unit.offsets().offset(0);
    if (found != length) {
      throw unit.offsets()
          .source()
          .corrupt(
              Integer.BYTES,
              String.format(
                  Locale.ROOT,
                  "the first sample begins at %d, but the line of column names has %d bytes",
                  found,
                  length));
    }
    if (unit.base() != 0) {
      return;
    }
    byte[] expected =
        descriptor.columns().stream()
            .map(Column::name)
            .collect(Collectors.joining(form.separator(), "", form.newline()))
            .getBytes(StandardCharsets.UTF_8);
    if (!Arrays.equals(unit.data().copy(0, expected.length), expected)) {
      throw unit.source().corrupt(0, "the first line does not have the names of the columns");
    }
  }

  /** What the line takes: many columns and a long separator make more of a small index. */
  private static long length(List<Column> columns, TextForm form) {
    long separators = Math.max(0, columns.size() - 1);
    long length = utf8Length(form.newline()) + separators * utf8Length(form.separator());
    for (Column column : columns) {
      length += utf8Length(column.name());
    }
    return length;
  }

  private static long utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
