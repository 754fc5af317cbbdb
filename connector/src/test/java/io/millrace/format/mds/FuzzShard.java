// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.codec.Compression;
import io.millrace.format.codec.CompressionSpec;
import io.millrace.format.codec.Decompressor;
import io.millrace.format.codec.TestingStreams;
import io.millrace.format.fuzz.FuzzStore;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the fuzz test knows of one good shard.
 *
 * @param data path of the stored data file
 * @param meta path of the stored meta file, null for MDS
 * @param rawData the data file, inflated
 * @param rawMeta the meta file, inflated
 * @param sizes of MDS columns: the fixed ones, 0 where they vary
 * @param newline what ends a line, empty for MDS
 * @param separator what stands between the values of a line, empty for MDS and JSON
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FuzzShard(
    String data,
    @Nullable String meta,
    @Nullable Compression compression,
    byte[] rawData,
    byte @Nullable [] rawMeta,
    List<String> encodings,
    List<Integer> sizes,
    String newline,
    String separator) {

  /** Of a shard's entry in an index and the objects that it names. */
  @SuppressWarnings("unchecked")
  static FuzzShard of(Map<String, Object> entry, Map<String, byte[]> files) {
    String text = (String) entry.get("compression");
    Compression compression = text == null ? null : CompressionSpec.parse(text).compression();
    List<Integer> sizes = new ArrayList<>();
    for (Object size : (List<Object>) entry.getOrDefault("column_sizes", List.of())) {
      sizes.add(size == null ? 0 : ((Number) size).intValue());
    }
    String data = pathOf(entry, "data");
    String meta = entry.containsKey("raw_meta") ? pathOf(entry, "meta") : null;
    return new FuzzShard(
        data,
        meta,
        compression,
        inflated(files.get(data), entry, "raw_data", compression),
        meta == null ? null : inflated(files.get(meta), entry, "raw_meta", compression),
        (List<String>) entry.getOrDefault("column_encodings", List.of()),
        sizes,
        (String) entry.getOrDefault("newline", ""),
        separatorOf(entry));
  }

  private static String separatorOf(Map<String, Object> entry) {
    return switch ((String) entry.get("format")) {
      case "csv" -> ",";
      case "tsv" -> "\t";
      default -> (String) entry.getOrDefault("separator", "");
    };
  }

  /** Where a shard's data or meta file is stored. */
  static String pathOf(Map<String, Object> entry, String kind) {
    String form = entry.get("compression") == null ? "raw_" : "zip_";
    return (String) FuzzSet.map(entry.get(form + kind)).get("basename");
  }

  private static byte[] inflated(
      byte[] stored, Map<String, Object> entry, String key, @Nullable Compression compression) {
    int length = ((Number) FuzzSet.map(entry.get(key)).get("bytes")).intValue();
    byte[] inflated = inflated(stored, length, compression);
    if (inflated == null) {
      throw new IllegalStateException("Cannot inflate a good shard");
    }
    return inflated;
  }

  /** What stored bytes inflate to, or null if they don't. */
  static byte @Nullable [] inflated(byte[] stored, int length, @Nullable Compression compression) {
    if (compression == null) {
      return stored;
    }
    ByteChunks target = ByteChunks.allocate(length);
    try (Decompressor decompressor = Decompressor.of(compression)) {
      decompressor.inflate(FuzzStore.ROOT, TestingStreams.chunks(stored), target);
      return TestingStreams.toArray(target);
    } catch (CorruptObjectException e) {
      return null;
    }
  }

  boolean isMds() {
    return meta == null;
  }

  /** The bytes that begin with the table of offsets. */
  byte[] table() {
    return rawMeta == null ? rawData : rawMeta;
  }

  int samples() {
    return word(table(), 0);
  }

  /** Where a sample begins in the data file; where the last one ends for {@code samples()}. */
  int offset(int sample) {
    return word(table(), 4 + 4 * sample);
  }

  /** Bytes of sizes before each sample. */
  int header() {
    return 4 * (int) sizes.stream().filter(size -> size == 0).count();
  }

  int columns() {
    return sizes.size();
  }

  /** Where the size of a variable column of a sample stands, counted in the sample. */
  int sizePlace(int column) {
    return 4 * (int) sizes.subList(0, column).stream().filter(size -> size == 0).count();
  }

  /** Where a column's value begins in the data file; where the last one ends at the end. */
  int begin(int sample, int column) {
    int at = offset(sample) + header();
    for (int i = 0; i < column; i++) {
      int size = sizes.get(i);
      at += size == 0 ? word(rawData, offset(sample) + sizePlace(i)) : size;
    }
    return at;
  }

  static int word(byte[] bytes, int position) {
    return (bytes[position] & 0xff)
        | (bytes[position + 1] & 0xff) << 8
        | (bytes[position + 2] & 0xff) << 16
        | bytes[position + 3] << 24;
  }

  static void putWord(byte[] bytes, int position, long value) {
    System.arraycopy(MdsValues.word(value), 0, bytes, position, 4);
  }
}
