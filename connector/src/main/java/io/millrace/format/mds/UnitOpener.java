// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.ByteRange;
import io.millrace.format.ContentHash;
import io.millrace.format.Shard;
import io.millrace.format.ShardInput;
import io.millrace.format.ShardObject;
import io.millrace.format.codec.Compression;
import io.millrace.format.codec.Decompressor;
import io.millrace.format.hash.ContentHasher;
import io.millrace.format.mds.ShardDescriptor.RawFile;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads, verifies and inflates one unit, and checks its offsets. */
final class UnitOpener {

  private final Shard shard;
  private final int unit;
  private final ShardInput input;
  private final ShardDescriptor descriptor;

  UnitOpener(Shard shard, int unit, ShardInput input, ShardDescriptor descriptor) {
    this.shard = shard;
    this.unit = unit;
    this.input = input;
    this.descriptor = descriptor;
  }

  OpenUnit open() throws IOException {
    ShardObject data = shard.objects().get(0);
    RawFile meta = descriptor.meta();
    OffsetTable separate = meta == null ? null : metaTable(shard.objects().get(1), meta);
    if (UnitCut.cuts(descriptor, data)) {
      return separate == null ? openPart(data) : openPart(data, separate, List.of(), 0);
    }
    Whole whole = whole(data, descriptor.data());
    OffsetTable offsets =
        separate == null
            ? new OffsetTable(whole.bytes(), shard.samples(), whole.source())
            : separate;
    long lowest = separate == null ? OffsetTable.end(shard.samples()) : 0;
    long length = whole.bytes().length();
    offsets.checkEnds(lowest, latestBegin(length), length);
    offsets.checkOrder(0, shard.samples(), length);
    return new OpenUnit(offsets, 0, shard.samplesIn(unit), whole.bytes(), 0, whole.source());
  }

  /** In JSON nothing lies before the first sample; elsewhere it is a config or a header line. */
  private long latestBegin(long length) {
    return descriptor.layout() == Layout.JSON ? 0 : length;
  }

  private OffsetTable metaTable(ShardObject object, RawFile meta) throws IOException {
    Whole whole = whole(object, meta);
    return new OffsetTable(whole.bytes(), shard.samples(), whole.source());
  }

  /** A unit of a large MDS shard, whose offsets are read first. */
  private OpenUnit openPart(ShardObject data) throws IOException {
    ByteRange head = new ByteRange(0, OffsetTable.end(shard.samples()));
    OffsetTable offsets =
        new OffsetTable(
            input.read(data, head), shard.samples(), new Source(input.location(data), false));
    return openPart(data, offsets, List.of(head), head.end());
  }

  private OpenUnit openPart(
      ShardObject data, OffsetTable offsets, List<ByteRange> before, long begin)
      throws IOException {
    long length = data.version().length();
    offsets.checkEnds(begin, latestBegin(length), length);
    offsets.checkUnits(shard.samplesPerUnit(), length);
    List<ByteRange> units = UnitCut.ranges(offsets, shard.samplesPerUnit(), begin, length);
    List<ByteRange> all = new ArrayList<>(before);
    all.addAll(units);
    all.removeIf(range -> range.length() == 0);
    ByteRange range = units.get(unit);
    // First what is kept: verifying then reads only the rest besides, and keeps none of it.
    ByteChunks bytes = read(data, range);
    input.verify(data, all);
    long first = shard.firstSample(unit);
    offsets.checkOrder(first, shard.samplesIn(unit), length);
    return new OpenUnit(
        offsets,
        first,
        shard.samplesIn(unit),
        bytes,
        range.offset(),
        new Source(input.location(data), false));
  }

  /** All bytes of a file, inflated if they are stored compressed. */
  private Whole whole(ShardObject object, RawFile raw) throws IOException {
    ByteRange all = new ByteRange(0, object.version().length());
    ByteChunks stored = read(object, all);
    boolean verifiedNow = input.verify(object, all.length() == 0 ? List.of() : List.of(all));
    Compression compression = descriptor.compression();
    Source source = new Source(input.location(object), compression != null);
    if (compression == null) {
      return new Whole(stored, source);
    }
    ByteChunks inflated;
    try (Decompressor decompressor = Decompressor.of(compression)) {
      decompressor.checkDeclared(source.object(), stored, raw.bytes());
      inflated = input.allocate(raw.bytes());
      decompressor.inflate(source.object(), stored, inflated);
    }
    // Once the stored bytes matched their hash, they inflate to the same again: one check will do.
    if (verifiedNow || (object.hash().isEmpty() && input.verifiesHashes())) {
      checkHash(source, inflated, raw.hash());
    }
    return new Whole(inflated, source);
  }

  private static void checkHash(Source source, ByteChunks bytes, @Nullable ContentHash hash)
      throws CorruptObjectException {
    if (hash == null) {
      return;
    }
    ContentHasher hasher = ContentHasher.of(hash.algorithm());
    hasher.update(bytes);
    String found = hasher.hexDigest();
    if (!found.equals(hash.hex())) {
      throw source.corrupt(
          0,
          String.format(
              Locale.ROOT, "%s is %s; the index says %s", hash.algorithm(), found, hash.hex()));
    }
  }

  private ByteChunks read(ShardObject object, ByteRange range) throws IOException {
    return range.length() == 0 ? ByteChunks.allocate(0) : input.read(object, range);
  }

  /** A whole file in memory. */
  private record Whole(ByteChunks bytes, Source source) {}
}
