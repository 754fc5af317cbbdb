// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import io.millrace.sample.Bytes;
import io.millrace.storage.ObjectVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Reads what {@link ShardEncoder} wrote, in the same order. */
final class ShardDecoder {

  private final PackedInput in;
  private final boolean first;
  private byte[] path = new byte[0];
  private byte[] name = new byte[0];
  private long modified;
  private String tag = "";
  private String algorithm = "";

  ShardDecoder(PackedInput in) {
    this(in, false);
  }

  /**
   * @param first whether it is the form that splits of version 2 have: one object after the other,
   *     and the ends of texts though they are the same
   */
  ShardDecoder(PackedInput in, boolean first) {
    this.in = in;
    this.first = first;
  }

  /** Reads the next shard, to which index and descriptor are given. */
  Shard read(int index, Bytes descriptor) {
    name = readLike(name);
    path = path.length == 0 ? name : path;
    ShardCut cut =
        new ShardCut(in.readUnsigned(), in.readUnsigned(), in.readUnsigned(), in.readUnsigned());
    int count = in.readCount();
    return new Shard(
        index, text(name), cut, first ? readRows(count) : readColumns(count), descriptor);
  }

  private byte[] readLike(byte[] before) {
    return first ? in.readText(before) : in.readLike(before);
  }

  private List<ShardObject> readRows(int count) {
    List<ShardObject> objects = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int root = readRoot();
      String text = readPath();
      long length = in.readUnsigned();
      objects.add(
          new ShardObject(
              root, text, new ObjectVersion(length, readModified(), readTag()), readHash()));
    }
    return objects;
  }

  private List<ShardObject> readColumns(int count) {
    int[] roots = new int[count];
    Arrays.setAll(roots, i -> readRoot());
    String[] paths = new String[count];
    Arrays.setAll(paths, i -> readPath());
    long[] lengths = new long[count];
    Arrays.setAll(lengths, i -> in.readUnsigned());
    long[] modifieds = new long[count];
    Arrays.setAll(modifieds, i -> readModified());
    String[] tags = new String[count];
    Arrays.setAll(tags, i -> readTag());
    List<ShardObject> objects = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      ObjectVersion version = new ObjectVersion(lengths[i], modifieds[i], tags[i]);
      objects.add(new ShardObject(roots[i], paths[i], version, readHash()));
    }
    return objects;
  }

  private int readRoot() {
    return Math.toIntExact(in.readUnsigned());
  }

  private String readPath() {
    path = readLike(path);
    return text(path);
  }

  private long readModified() {
    modified += in.readSigned();
    return modified;
  }

  private String readTag() {
    tag = readUnlessSame(tag);
    return tag;
  }

  private Optional<ContentHash> readHash() {
    int form = Math.toIntExact(in.readUnsigned());
    if (form == ShardEncoder.NO_HASH) {
      return Optional.empty();
    }
    algorithm = readUnlessSame(algorithm);
    byte[] digest = in.readBytes();
    String hex = form == ShardEncoder.HEX_HASH ? HexFormat.of().formatHex(digest) : text(digest);
    return Optional.of(new ContentHash(algorithm, hex));
  }

  private String readUnlessSame(String before) {
    return in.readUnsigned() == 0 ? before : in.readText();
  }

  Bytes readDescriptor() {
    return Bytes.wrap(in.readBytes());
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
