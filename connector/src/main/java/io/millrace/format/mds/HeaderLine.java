// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.mds.ShardEntry.TextForm;
import io.millrace.storage.CorruptObjectException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The first line of a separated-values shard: the names of its columns. */
final class HeaderLine {

  private HeaderLine() {}

  /** Checks its length against the offsets, and its bytes where the unit has them. */
  static void check(OpenUnit unit, ShardDescriptor descriptor) throws CorruptObjectException {
    TextForm form = descriptor.text();
    byte[] expected =
        descriptor.columns().stream()
            .map(Column::name)
            .collect(Collectors.joining(form.separator(), "", form.newline()))
            .getBytes(StandardCharsets.UTF_8);
    long found = unit.offsets().offset(0);
    if (found != expected.length) {
      throw unit.offsets()
          .source()
          .corrupt(
              Integer.BYTES,
              String.format(
                  Locale.ROOT,
                  "the first sample begins at %d, but the line of column names has %d bytes",
                  found,
                  expected.length));
    }
    if (unit.base() == 0 && !Arrays.equals(unit.data().copy(0, expected.length), expected)) {
      throw unit.source().corrupt(0, "the first line does not have the names of the columns");
    }
  }
}
