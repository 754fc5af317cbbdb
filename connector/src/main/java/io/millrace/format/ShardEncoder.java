// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import io.millrace.sample.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Writes shards in few bytes: of paths only how they differ from the one before, of times only the
 * difference; of the objects of a group first all paths, then all lengths and so on, so that they
 * deflate well. {@link ShardDecoder} reads them in the same order.
 */
final class ShardEncoder {

  static final int NO_HASH = 0;
  static final int HEX_HASH = 1;
  static final int TEXT_HASH = 2;

  private static final Pattern WHOLE_BYTES = Pattern.compile("([0-9a-f]{2})+");

  private final PackedOutput out;
  private byte[] path = new byte[0];
  private byte[] name = new byte[0];
  private long modified;
  private String tag = "";
  private String algorithm = "";

  ShardEncoder(PackedOutput out) {
    this.out = out;
  }

  /** Writes all of a shard but its index and its descriptor. */
  void write(Shard shard) {
    byte[] utf8 = shard.name().getBytes(StandardCharsets.UTF_8);
    out.writeLike(utf8, name);
    name = utf8;
    // A shard is often named after its first object.
    path = path.length == 0 ? utf8 : path;
    ShardCut cut = shard.cut();
    out.writeUnsigned(cut.first());
    out.writeUnsigned(cut.samples());
    out.writeUnsigned(cut.samplesPerUnit());
    out.writeUnsigned(cut.unitBytes());
    out.writeUnsigned(shard.objects().size());
    write(shard.objects());
  }

  private void write(List<ShardObject> objects) {
    objects.forEach(object -> out.writeUnsigned(object.root()));
    for (ShardObject object : objects) {
      byte[] utf8 = object.path().getBytes(StandardCharsets.UTF_8);
      out.writeLike(utf8, path);
      path = utf8;
    }
    objects.forEach(object -> out.writeUnsigned(object.version().length()));
    for (ShardObject object : objects) {
      out.writeSigned(object.version().modifiedMillis() - modified);
      modified = object.version().modifiedMillis();
    }
    objects.forEach(object -> tag = writeUnlessSame(object.version().tag(), tag));
    objects.forEach(object -> write(object.hash()));
  }

  private void write(Optional<ContentHash> hash) {
    if (hash.isEmpty()) {
      out.writeUnsigned(NO_HASH);
    } else {
      write(hash.get());
    }
  }

  private void write(ContentHash hash) {
    boolean wholeBytes = WHOLE_BYTES.matcher(hash.hex()).matches();
    out.writeUnsigned(wholeBytes ? HEX_HASH : TEXT_HASH);
    algorithm = writeUnlessSame(hash.algorithm(), algorithm);
    out.writeBytes(
        wholeBytes
            ? HexFormat.of().parseHex(hash.hex())
            : hash.hex().getBytes(StandardCharsets.UTF_8));
  }

  private String writeUnlessSame(String text, String before) {
    boolean same = text.equals(before);
    out.writeUnsigned(same ? 0 : 1);
    if (!same) {
      out.writeText(text);
    }
    return text;
  }

  void write(Bytes descriptor) {
    out.writeBytes(descriptor.toByteArray());
  }
}
