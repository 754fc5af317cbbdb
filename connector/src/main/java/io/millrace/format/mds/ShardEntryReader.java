// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.codec.Compression;
import io.millrace.format.codec.CompressionSpec;
import io.millrace.format.mds.IndexNode.ObjectNode;
import io.millrace.format.mds.IndexNode.TextNode;
import io.millrace.format.mds.ShardEntry.Files;
import io.millrace.format.mds.ShardEntry.TextForm;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a {@link ShardEntry} of a shard's object in an index and checks it in itself. */
final class ShardEntryReader {

  /** Offsets are uint32, and the last one is the length of the file. */
  static final long MAX_FILE_BYTES = (1L << 32) - 1;

  private static final int VERSION = 2;

  /** What a shard's configuration takes beside its columns, with room to spare. */
  private static final long MOST_CONFIG_BYTES = 1024;

  /** What a column takes there beside its name and encoding. */
  private static final long MOST_COLUMN_BYTES = 32;

  /** What JSON makes of one byte at most. */
  private static final long MOST_ESCAPE = 6;

  /** Characters of a newline or separator. */
  private static final int MOST_MARK = 64;

  private static final String SIZE = "(?i)[0-9]+(\\.[0-9]+)?\\s*([kmgtpezy]?b)?";

  private final ObjectLocation index;
  private final PublishedHashes hashes;

  ShardEntryReader(ObjectLocation index) {
    this.index = index;
    this.hashes = new PublishedHashes();
  }

  ShardEntry read(ObjectNode object) throws CorruptObjectException {
    IndexFields fields = new IndexFields(index, object);
    Layout layout = layout(fields);
    fields.requireKeys(layout.keys());
    checkSizeLimit(fields);
    Compression compression = compression(fields, layout);
    List<String> algorithms = fields.texts("hashes");
    Files raw = files(fields, layout, "raw");
    Files zip = compression == null ? null : files(fields, layout, "zip");
    PublishedHashes.checkListed(
        fields, algorithms, zip == null ? raw.data() : zip.data(), raw.data());
    if (raw.meta() != null) {
      ShardFile stored = zip == null || zip.meta() == null ? raw.meta() : zip.meta();
      PublishedHashes.checkListed(fields, algorithms, stored, raw.meta());
    }
    ShardEntry entry =
        new ShardEntry(
            layout,
            fields.whole("samples", Integer.MAX_VALUE),
            columns(fields, layout),
            textForm(fields, layout),
            compression,
            raw,
            zip,
            fields.place());
    checkSamples(fields, entry);
    return entry;
  }

  private static Layout layout(IndexFields fields) throws CorruptObjectException {
    // Before the keys: those of another version are others.
    if (fields.whole("version", Integer.MAX_VALUE) != VERSION) {
      throw fields.wrong(fields.get("version"), "2");
    }
    String name = fields.text("format");
    return Layout.named(name)
        .orElseThrow(
            () ->
                fields.corrupt(
                    "format",
                    "is \""
                        + PythonNumbers.shorten(name)
                        + "\", which is unknown; known: mds, json, csv, tsv, xsv"));
  }

  /** The limit says nothing about how to read; only nonsense is refused. */
  private static void checkSizeLimit(IndexFields fields) throws CorruptObjectException {
    if (fields.isNull("size_limit")) {
      return;
    }
    if (fields.get("size_limit") instanceof TextNode text) {
      if (!text.text().matches(SIZE)) {
        throw fields.wrong(text, "a size such as \"64mb\"");
      }
      return;
    }
    fields.whole("size_limit", Long.MAX_VALUE);
  }

  private static @Nullable Compression compression(IndexFields fields, Layout layout)
      throws CorruptObjectException {
    List<String> zips = layout.isSplit() ? List.of("zip_data", "zip_meta") : List.of("zip_data");
    if (fields.isNull("compression")) {
      for (String zip : zips) {
        if (!fields.isNull(zip)) {
          throw fields.corrupt(zip, "must be null: the shard's compression is null");
        }
      }
      return null;
    }
    // None that there is is so long that it would be cut.
    String text = PythonNumbers.shorten(fields.text("compression"));
    for (String zip : zips) {
      if (fields.isNull(zip)) {
        throw fields.corrupt(zip, "must be an object: the shard's compression is \"" + text + "\"");
      }
    }
    try {
      return CompressionSpec.parse(text).compression();
    } catch (IllegalArgumentException e) {
      throw fields.corrupt("compression", "is not usable: " + e.getMessage());
    }
  }

  private Files files(IndexFields fields, Layout layout, String kind)
      throws CorruptObjectException {
    return new Files(
        file(fields.object(kind + "_data")),
        layout.isSplit() ? file(fields.object(kind + "_meta")) : null);
  }

  private ShardFile file(IndexFields fields) throws CorruptObjectException {
    fields.requireKeys(Set.of("basename", "bytes", "hashes"));
    return new ShardFile(
        fields.text("basename"),
        fields.whole("bytes", MAX_FILE_BYTES),
        hashes.read(fields.object("hashes")),
        fields.place());
  }

  private static List<Column> columns(IndexFields fields, Layout layout)
      throws CorruptObjectException {
    if (layout == Layout.JSON) {
      IndexFields columns = fields.object("columns");
      List<Column> result = new ArrayList<>();
      for (String name : columns.keys()) {
        checkName(columns, name, name);
        result.add(new Column(name, textEncoding(columns, name, columns.text(name)), 0));
      }
      return result;
    }
    List<String> names = fields.texts("column_names");
    List<String> encodings = fields.texts("column_encodings");
    List<Long> sizes =
        layout == Layout.MDS
            ? fields.wholesOrNull("column_sizes", MAX_FILE_BYTES)
            : names.stream().map(name -> 0L).toList();
    if (names.size() != encodings.size() || names.size() != sizes.size()) {
      throw fields.corrupt(
          "column_names",
          String.format(
              Locale.ROOT,
              "has %d names for %d encodings and %d sizes",
              names.size(),
              encodings.size(),
              sizes.size()));
    }
    Set<String> seen = new HashSet<>();
    List<Column> result = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (!seen.add(names.get(i))) {
        throw fields.corrupt(
            "column_names", "has \"" + PythonNumbers.shorten(names.get(i)) + "\" twice");
      }
      checkName(fields, "column_names", names.get(i));
      String encoding = encodings.get(i);
      if (layout == Layout.MDS) {
        checkEncoding(fields, names.get(i), encoding, sizes.get(i));
      } else {
        textEncoding(fields, "column_encodings", encoding);
      }
      result.add(new Column(names.get(i), encoding, sizes.get(i)));
    }
    return result;
  }

  private static void checkName(IndexFields fields, String key, String name)
      throws CorruptObjectException {
    if (!StrictText.isText(name)) {
      throw fields.corrupt(key, "has a name with half a surrogate pair, which no text can hold");
    }
  }

  private static void checkEncoding(IndexFields fields, String name, String encoding, long size)
      throws CorruptObjectException {
    int fixed;
    try {
      fixed = Encoding.parse(encoding).fixedSize();
    } catch (IllegalArgumentException e) {
      throw fields.corrupt(
          "column_encodings",
          "of column \"" + PythonNumbers.shorten(name) + "\" is not usable: " + e.getMessage());
    }
    if (size != 0 && fixed != 0 && size != fixed) {
      throw fields.corrupt(
          "column_sizes",
          String.format(
              Locale.ROOT,
              "of column \"%s\" is %d, but values of encoding \"%s\" have %d bytes",
              PythonNumbers.shorten(name),
              size,
              PythonNumbers.shorten(encoding),
              fixed));
    }
  }

  private static String textEncoding(IndexFields fields, String key, String encoding)
      throws CorruptObjectException {
    if (TextColumn.typeOf(encoding) == null) {
      throw fields.corrupt(
          key,
          "has the encoding \""
              + PythonNumbers.shorten(encoding)
              + "\", which is unknown; known: str, int, float");
    }
    return encoding;
  }

  private static TextForm textForm(IndexFields fields, Layout layout)
      throws CorruptObjectException {
    if (layout == Layout.MDS) {
      return TextForm.NONE;
    }
    String newline = fields.text("newline");
    String separator = layout == Layout.XSV ? fields.text("separator") : layout.separator();
    // The reference splits neither file nor line of JSON shards; there an empty newline is none.
    checkMark(fields, "newline", newline, layout.isSeparated() ? 1 : 0);
    if (layout == Layout.XSV) {
      checkMark(fields, "separator", separator, 1);
    }
    return new TextForm(newline, separator);
  }

  private static void checkMark(IndexFields fields, String key, String mark, int least)
      throws CorruptObjectException {
    if (mark.length() < least || mark.length() > MOST_MARK) {
      throw fields.corrupt(
          key,
          String.format(
              Locale.ROOT,
              "must have %d to %d characters, not %d",
              least,
              MOST_MARK,
              mark.length()));
    }
    if (!StrictText.isText(mark)) {
      throw fields.corrupt(key, "has half a surrogate pair, which no text can hold");
    }
  }

  /** Whether the files can hold the offsets of so many samples. */
  private static void checkSamples(IndexFields fields, ShardEntry entry)
      throws CorruptObjectException {
    ShardFile meta = entry.raw().meta();
    ShardFile offsets = meta == null ? entry.raw().data() : meta;
    long needed = OffsetTable.end(entry.samples());
    if (offsets.bytes() < needed) {
      throw fields.corrupt(
          "samples",
          String.format(
              Locale.ROOT,
              "is %d, whose offsets take %d bytes, but %s has %d",
              entry.samples(),
              needed,
              offsets.path(),
              offsets.bytes()));
    }
    if (entry.samples() == 0) {
      checkEmpty(fields, entry, offsets);
    }
  }

  /**
   * A shard without samples is never opened, so an index that wrongly says so would lose its
   * samples without a word. Its files must be as small as those of an empty shard: the table, the
   * writer's configuration, a line of column names.
   */
  private static void checkEmpty(IndexFields fields, ShardEntry entry, ShardFile offsets)
      throws CorruptObjectException {
    long most = OffsetTable.end(0) + MOST_CONFIG_BYTES;
    long separatorBytes = utf8Length(entry.text().separator());
    long lineBytes = utf8Length(entry.text().newline());
    for (Column column : entry.columns()) {
      long nameBytes = utf8Length(column.name());
      lineBytes += nameBytes + separatorBytes;
      most += MOST_COLUMN_BYTES + MOST_ESCAPE * (nameBytes + column.encoding().length());
    }
    ShardFile data = entry.raw().data();
    boolean split = entry.layout().isSplit();
    if (split && data.bytes() > (entry.layout().isSeparated() ? lineBytes : 0)) {
      throw notEmpty(fields, data);
    }
    if (offsets.bytes() > most) {
      throw notEmpty(fields, offsets);
    }
  }

  private static long utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static CorruptObjectException notEmpty(IndexFields fields, ShardFile file) {
    return fields.corrupt(
        "samples", "is 0, but " + file.path() + " has " + file.bytes() + " bytes");
  }
}
