// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import io.millrace.format.PackedInput;
import io.millrace.format.PackedOutput;
import io.millrace.format.Shard;
import io.millrace.format.ShardCut;
import io.millrace.format.ShardObject;
import io.millrace.sample.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The descriptor of an aligned shard: its slices, without their objects, which are the shard's own
 * in the same order. Begins with a version.
 */
final class AlignedDescriptor {

  private static final int VERSION = 1;

  private AlignedDescriptor() {}

  /** A run as a shard of the whole. */
  static Shard shardOf(int index, Run run) {
    PackedOutput out = new PackedOutput();
    out.writeUnsigned(VERSION);
    out.writeUnsigned(run.slices().size());
    List<ShardObject> objects = new ArrayList<>();
    Bytes before = Bytes.EMPTY;
    for (Slice slice : run.slices()) {
      write(out, slice, before);
      before = slice.shard().descriptor();
      slice.shard().objects().forEach(object -> objects.add(object.under(slice.part())));
    }
    ShardCut cut = new ShardCut(run.first(), run.samples(), run.samples(), run.unitBytes());
    return new Shard(index, run.name(), cut, objects, Bytes.wrap(out.toByteArray()));
  }

  private static void write(PackedOutput out, Slice slice, Bytes before) {
    Shard shard = slice.shard();
    out.writeUnsigned(slice.part());
    out.writeUnsigned(slice.first());
    out.writeUnsigned(slice.count());
    out.writeUnsigned(shard.index());
    // Shards are often named after their first object.
    out.writeText(utf8(shard.name()), utf8(shard.objects().get(0).path()));
    out.writeUnsigned(shard.cut().first());
    out.writeUnsigned(shard.cut().samples());
    out.writeUnsigned(shard.cut().samplesPerUnit());
    out.writeUnsigned(shard.cut().unitBytes());
    out.writeUnsigned(shard.objects().size());
    // Shards of a part often have the same one.
    boolean same = shard.descriptor().equals(before);
    out.writeUnsigned(same ? 0 : 1);
    if (!same) {
      out.writeBytes(shard.descriptor().toByteArray());
    }
  }

  /**
   * The slices of an aligned shard, which must hold all its samples of each part.
   *
   * @param parts number of parts
   * @throws IOException if the descriptor is damaged
   */
  static List<Slice> slicesOf(Shard shard, int parts) throws IOException {
    try {
      return read(shard, parts);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new IOException(
          "Cannot read the descriptor of aligned shard " + shard.name() + ": " + e.getMessage(), e);
    }
  }

  private static List<Slice> read(Shard whole, int parts) {
    byte[] bytes = whole.descriptor().toByteArray();
    PackedInput in = new PackedInput(bytes, 0, bytes.length);
    long version = in.readUnsigned();
    if (version != VERSION) {
      throw new IllegalArgumentException("version " + version + " is not " + VERSION);
    }
    int count = in.readCount();
    List<Slice> slices = new ArrayList<>(count);
    long[] samples = new long[parts];
    int object = 0;
    Bytes descriptor = Bytes.EMPTY;
    for (int i = 0; i < count; i++) {
      Slice slice = readSlice(in, whole.objects(), object, descriptor);
      if (slice.part() >= parts) {
        throw new IllegalArgumentException("there is no part " + slice.part());
      }
      slices.add(slice);
      samples[slice.part()] = Math.addExact(samples[slice.part()], slice.count());
      object += slice.shard().objects().size();
      descriptor = slice.shard().descriptor();
    }
    if (!in.isAtEnd() || object != whole.objects().size()) {
      throw new IllegalArgumentException("it does not end where it should");
    }
    for (int part = 0; part < parts; part++) {
      if (samples[part] != whole.samples()) {
        throw new IllegalArgumentException(
            "part " + part + " has " + samples[part] + " samples of " + whole.samples());
      }
    }
    return slices;
  }

  private static Slice readSlice(PackedInput in, List<ShardObject> all, int from, Bytes before) {
    int part = Math.toIntExact(in.readUnsigned());
    long first = in.readUnsigned();
    long count = in.readUnsigned();
    int index = Math.toIntExact(in.readUnsigned());
    if (from == all.size()) {
      throw new IllegalArgumentException("it has more slices than objects");
    }
    byte[] name = in.readText(utf8(all.get(from).path()));
    ShardCut cut =
        new ShardCut(in.readUnsigned(), in.readUnsigned(), in.readUnsigned(), in.readUnsigned());
    long objects = in.readUnsigned();
    if (objects < 1 || objects > all.size() - from) {
      throw new IllegalArgumentException("a slice has " + objects + " objects");
    }
    List<ShardObject> own = all.subList(from, from + (int) objects);
    if (own.stream().anyMatch(object -> object.root() != part)) {
      throw new IllegalArgumentException("an object of part " + part + " lies under another root");
    }
    Bytes descriptor = in.readUnsigned() == 0 ? before : Bytes.wrap(in.readBytes());
    Shard shard = new Shard(index, new String(name, StandardCharsets.UTF_8), cut, own, descriptor);
    return new Slice(part, shard, first, count);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
