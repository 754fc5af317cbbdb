// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.ContentHash;
import io.millrace.format.codec.Compression;
import io.millrace.format.hash.ContentHasher;
import io.millrace.format.mds.ShardEntry.TextForm;
import io.millrace.sample.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What opening a unit needs to know beside the shard's objects. Its binary form: a version, then
 * fields in order; numbers in groups of 7 bits, lowest first; texts as length and UTF-8.
 *
 * @param compression of the objects; null where they are stored raw
 * @param data the data file's uncompressed form
 * @param meta the meta file's; null for MDS
 */
record ShardDescriptor(
    Layout layout,
    @Nullable Compression compression,
    RawFile data,
    @Nullable RawFile meta,
    TextForm text,
    List<Column> columns) {

  private static final int VERSION = 1;
  private static final int MAX_COLUMNS = 1 << 20;

  ShardDescriptor {
    columns = List.copyOf(columns);
  }

  /**
   * An uncompressed file.
   *
   * @param bytes its length
   * @param hash of its content, to be checked after inflating; null where it has none, or is stored
   *     raw
   */
  record RawFile(long bytes, @Nullable ContentHash hash) {}

  Bytes toBytes() {
    Writer out = new Writer();
    out.number(VERSION);
    out.text(layout.indexName());
    out.text(compression == null ? "" : compression.mdsName());
    out.file(data);
    if (meta != null) {
      out.file(meta);
    }
    if (layout.isSplit()) {
      out.text(text.newline());
      out.text(text.separator());
    }
    out.number(columns.size());
    for (Column column : columns) {
      out.text(column.name());
      out.text(column.encoding());
      out.number(column.size());
    }
    return Bytes.wrap(out.bytes.toByteArray());
  }

  /**
   * Reads the binary form.
   *
   * @param shard name of the shard, for messages
   * @throws IOException if it is none
   */
  static ShardDescriptor of(Bytes bytes, String shard) throws IOException {
    Reader in = new Reader(bytes.asByteBuffer(), shard);
    long version = in.number(Integer.MAX_VALUE);
    if (version != VERSION) {
      throw in.failure("version " + version + " is not " + VERSION);
    }
    Layout layout = in.named("layout", Layout::named);
    Compression compression =
        in.skipEmptyText() ? null : in.named("compression", Compression::named);
    RawFile data = in.file();
    RawFile meta = layout.isSplit() ? in.file() : null;
    TextForm text = layout.isSplit() ? new TextForm(in.text(), in.text()) : TextForm.NONE;
    int count = (int) in.number(MAX_COLUMNS);
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      columns.add(new Column(in.text(), in.text(), in.number(ShardEntryReader.MAX_FILE_BYTES)));
    }
    in.end();
    return new ShardDescriptor(layout, compression, data, meta, text, columns);
  }

  private static final class Writer {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    void number(long value) {
      long rest = value;
      while (rest >= 0x80) {
        bytes.write((int) ((rest & 0x7f) | 0x80));
        rest >>>= 7;
      }
      bytes.write((int) rest);
    }

    void text(String text) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      number(utf8.length);
      bytes.writeBytes(utf8);
    }

    void file(RawFile file) {
      number(file.bytes());
      text(file.hash() == null ? "" : file.hash().algorithm());
      text(file.hash() == null ? "" : file.hash().hex());
    }
  }

  private record Reader(ByteBuffer bytes, String shard) {

    long number(long most) throws IOException {
      long value = 0;
      for (int shift = 0; shift < Long.SIZE - 1; shift += 7) {
        byte next = next();
        value |= (long) (next & 0x7f) << shift;
        if (next >= 0) {
          if (value > most) {
            throw failure("a number is " + value + ", more than " + most);
          }
          return value;
        }
      }
      throw failure("a number is too long");
    }

    private byte next() throws IOException {
      if (!bytes.hasRemaining()) {
        throw failure("it ends too early");
      }
      return bytes.get();
    }

    /** Passes over a text if it is empty. */
    boolean skipEmptyText() {
      boolean empty = bytes.hasRemaining() && bytes.get(bytes.position()) == 0;
      if (empty) {
        bytes.get();
      }
      return empty;
    }

    <T> T named(String what, Function<String, Optional<T>> lookup) throws IOException {
      String name = text();
      Optional<T> found = lookup.apply(name);
      if (found.isEmpty()) {
        throw failure(what + " \"" + PythonNumbers.shorten(name) + "\" is unknown");
      }
      return found.get();
    }

    String text() throws IOException {
      int length = (int) number(bytes.remaining());
      if (length > bytes.remaining()) {
        throw failure("it ends within a text");
      }
      ByteBuffer utf8 = bytes.slice(bytes.position(), length);
      bytes.position(bytes.position() + length);
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
      } catch (CharacterCodingException e) {
        throw new IOException(failure("a text is not UTF-8").getMessage(), e);
      }
    }

    RawFile file() throws IOException {
      long length = number(ShardEntryReader.MAX_FILE_BYTES);
      String algorithm = text();
      String hex = text();
      if (!algorithm.isEmpty() && !ContentHasher.known(algorithm)) {
        throw failure("hash algorithm \"" + PythonNumbers.shorten(algorithm) + "\" is unknown");
      }
      return new RawFile(length, algorithm.isEmpty() ? null : new ContentHash(algorithm, hex));
    }

    void end() throws IOException {
      if (bytes.hasRemaining()) {
        throw failure(bytes.remaining() + " bytes follow it");
      }
    }

    IOException failure(String problem) {
      return new IOException(
          String.format(
              Locale.ROOT,
              "Cannot read the descriptor of shard %s at byte %d: %s",
              shard,
              bytes.position(),
              problem));
    }
  }
}
