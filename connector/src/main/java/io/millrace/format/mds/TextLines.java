// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.storage.ByteChunks;
import java.util.Locale;

/** What JSON and separated-values shards have in common. */
final class TextLines {

  private TextLines() {}

  /** The text of a line without its end, which must be there and only there. */
  static String line(ByteChunks data, long position, long length, String newline)
      throws MalformedValueException {
    if (length > Integer.MAX_VALUE - Long.BYTES) {
      throw new MalformedValueException(0, "a line of " + length + " bytes");
    }
    String text = StrictText.decode(data, position, (int) length);
    if (!text.endsWith(newline)) {
      throw new MalformedValueException(length, "the line does not end in the shard's newline");
    }
    String line = text.substring(0, text.length() - newline.length());
    if (!newline.isEmpty() && line.contains(newline)) {
      throw new MalformedValueException(0, "there is a newline within the line");
    }
    return line;
  }

  /** Places in a line are of characters: a fault is reported at the line's first byte. */
  static MalformedValueException inColumn(Column column, MalformedValueException e) {
    return new MalformedValueException(
        0,
        String.format(
            Locale.ROOT,
            "column \"%s\" (%s): %s",
            PythonNumbers.shorten(column.name()),
            PythonNumbers.shorten(column.encoding()),
            e.getMessage()),
        e);
  }
}
