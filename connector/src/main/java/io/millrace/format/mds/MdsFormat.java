// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.ByteRange;
import io.millrace.format.DatasetManifest;
import io.millrace.format.GenerationListing;
import io.millrace.format.GrowingFormat;
import io.millrace.format.PackedShards;
import io.millrace.format.Shard;
import io.millrace.format.ShardInput;
import io.millrace.format.ShardList;
import io.millrace.format.ShardObject;
import io.millrace.format.ShardReader;
import io.millrace.sample.Schema;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStatus;
import io.millrace.storage.ObjectStore;
import io.millrace.storage.RangeReader;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * MDS, version 2, as <a href="https://github.com/mosaicml/streaming">MosaicML Streaming</a> writes
 * it; what it takes and refuses stands in {@code docs/formats/mds.md}.
 */
public final class MdsFormat implements GrowingFormat {

  /**
   * More than ten million shards; a larger one is an error rather than a reason to stop for memory.
   */
  private static final long MAX_INDEX_BYTES = 1L << 34;

  /** Called by {@link java.util.ServiceLoader}. */
  public MdsFormat() {}

  @Override
  public String name() {
    return "mds";
  }

  @Override
  public boolean recognises(List<ObjectStatus> children) {
    return children.stream().anyMatch(StableIndex::is);
  }

  @Override
  public DatasetManifest discover(ObjectStore store, ObjectLocation root) throws IOException {
    return discover(store, root, false);
  }

  /** Shards whose files are missing or of another length are those that the index says. */
  @Override
  public DatasetManifest discoverLeniently(ObjectStore store, ObjectLocation root)
      throws IOException {
    return discover(store, root, true);
  }

  private DatasetManifest discover(ObjectStore store, ObjectLocation root, boolean lenient)
      throws IOException {
    return new StableIndex(store, root)
        .read(
            (index, children) -> {
              PackedShards.Builder shards = new PackedShards.Builder();
              EntryVisitor visitor = (n, shard) -> shards.add(shard.numbered(shards.size()));
              ShardDiscovery discovery =
                  new ShardDiscovery(store, root, index.location(), children, lenient);
              Schema schema = read(store, index, discovery, visitor);
              return new DatasetManifest(name(), root, schema, shards.build());
            });
  }

  /** A mark is a place in the index, counted from 1. */
  @Override
  public GenerationListing discover(
      ObjectStore store, ObjectLocation root, Schema schema, long[] known, long next)
      throws IOException {
    return discover(store, root, schema, () -> new IndexGenerations(root, known, next), false);
  }

  @Override
  public GenerationListing discoverLeniently(
      ObjectStore store, ObjectLocation root, Schema schema, long[] known, long next)
      throws IOException {
    return discover(store, root, schema, () -> new IndexGenerations(root, known, next), true);
  }

  private static GenerationListing discover(
      ObjectStore store,
      ObjectLocation root,
      Schema schema,
      Supplier<IndexGenerations> marks,
      boolean lenient)
      throws IOException {
    return new StableIndex(store, root)
        .read(
            (index, children) -> {
              IndexGenerations generations = marks.get();
              ShardDiscovery discovery =
                  new ShardDiscovery(store, root, index.location(), children, lenient);
              Schema found = read(store, index, discovery, generations::add);
              return generations.build(schema, found);
            });
  }

  /** Each shard has its place. */
  @Override
  public OptionalLong markOf(ShardList shards) {
    return OptionalLong.of(shards.size());
  }

  /** The index names shards that are complete. */
  @Override
  public boolean isCompleteWhenSeen() {
    return true;
  }

  /** Reads the index, and returns the schema of all shards. */
  private static Schema read(
      ObjectStore store, ObjectStatus index, ShardDiscovery discovery, EntryVisitor visitor)
      throws IOException {
    ObjectLocation location = index.location();
    long length = index.version().length();
    if (length > MAX_INDEX_BYTES) {
      throw new CorruptObjectException(
          location,
          0,
          "an index of " + length + " bytes; at most " + MAX_INDEX_BYTES + " are read");
    }
    ShardEntryReader entries = new ShardEntryReader(location);
    SchemaMerger schema = new SchemaMerger(location);
    try (RangeReader reader = store.open(location, index.version())) {
      IndexParser.parse(
          new StoredIndexStream(reader, length),
          length,
          location,
          (number, object) -> {
            ShardEntry entry = entries.read(object);
            schema.add(entry);
            visitor.visit(number, place -> discovery.shard(place, entry));
          });
    }
    return schema.schema();
  }

  /** Takes the entries of an index, in order. */
  @FunctionalInterface
  interface EntryVisitor {
    void visit(int number, EntryShard shard) throws IOException;
  }

  /** The shard of an entry; its objects are looked for when it is asked for. */
  @FunctionalInterface
  interface EntryShard {
    /** The shard, with a number of its own. */
    Shard numbered(int place) throws IOException;
  }

  @Override
  public ShardReader open(Shard shard, int unit, ShardInput input, Schema projection)
      throws IOException {
    ShardDescriptor descriptor = ShardDescriptor.of(shard.descriptor(), shard.name());
    SampleDecoder decoder;
    try {
      decoder = decoder(descriptor, projection);
    } catch (IllegalArgumentException e) {
      throw new IOException("Cannot open shard " + shard.name() + ": " + e.getMessage(), e);
    }
    OpenUnit opened = new UnitOpener(shard, unit, input, descriptor).open();
    if (descriptor.layout().isSeparated()) {
      HeaderLine.check(opened, descriptor);
    }
    return new UnitReader(opened, decoder);
  }

  @Override
  public List<ShardObject> readWhole(Shard shard) throws IOException {
    ShardDescriptor descriptor = ShardDescriptor.of(shard.descriptor(), shard.name());
    List<ShardObject> objects = shard.objects();
    boolean cut = UnitCut.cuts(descriptor, objects.get(0));
    return objects.subList(cut ? 1 : 0, objects.size()).stream()
        .filter(object -> object.version().length() > 0)
        .toList();
  }

  /** Where the samples of a shard that is cut lie. */
  @Override
  public Optional<FirstRead> readFirst(Shard shard) throws IOException {
    ShardDescriptor descriptor = ShardDescriptor.of(shard.descriptor(), shard.name());
    ShardObject data = shard.objects().get(0);
    if (!UnitCut.cuts(descriptor, data)) {
      return Optional.empty();
    }
    if (descriptor.meta() == null) {
      return Optional.of(new FirstRead(data, new ByteRange(0, OffsetTable.end(shard.samples()))));
    }
    ShardObject meta = shard.objects().get(1);
    return Optional.of(new FirstRead(meta, new ByteRange(0, meta.version().length())));
  }

  private static SampleDecoder decoder(ShardDescriptor descriptor, Schema projection) {
    return switch (descriptor.layout()) {
      case MDS -> new MdsSampleDecoder(descriptor.columns(), projection);
      case JSON ->
          new JsonSampleDecoder(descriptor.columns(), descriptor.text().newline(), projection);
      case CSV, TSV, XSV ->
          new SeparatedSampleDecoder(descriptor.columns(), descriptor.text(), projection);
    };
  }
}
