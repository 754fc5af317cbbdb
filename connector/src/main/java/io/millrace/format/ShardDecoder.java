// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import io.millrace.sample.Bytes;
import io.millrace.storage.ObjectVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Reads what {@link ShardEncoder} wrote, in the same order. */
final class ShardDecoder {

  private final PackedInput in;
  private byte[] path = new byte[0];
  private byte[] name = new byte[0];
  private long modified;
  private String tag = "";
  private String algorithm = "";

  ShardDecoder(PackedInput in) {
    this.in = in;
  }

  /** Reads the next shard, to which index and descriptor are given. */
  Shard read(int index, Bytes descriptor) {
    name = in.readText(name);
    path = path.length == 0 ? name : path;
    ShardCut cut =
        new ShardCut(in.readUnsigned(), in.readUnsigned(), in.readUnsigned(), in.readUnsigned());
    int count = in.readCount();
    List<ShardObject> objects = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      objects.add(readObject());
    }
    return new Shard(index, text(name), cut, objects, descriptor);
  }

  private ShardObject readObject() {
    int root = Math.toIntExact(in.readUnsigned());
    path = in.readText(path);
    long length = in.readUnsigned();
    modified += in.readSigned();
    tag = readUnlessSame(tag);
    return new ShardObject(root, text(path), new ObjectVersion(length, modified, tag), readHash());
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
