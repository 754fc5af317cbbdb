// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.DatasetFormat;
import io.millrace.format.DatasetManifest;
import io.millrace.format.PackedShards;
import io.millrace.format.Shard;
import io.millrace.format.ShardInput;
import io.millrace.format.ShardObject;
import io.millrace.format.ShardReader;
import io.millrace.sample.Schema;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStatus;
import io.millrace.storage.ObjectStore;
import io.millrace.storage.RangeReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * MDS, version 2, as <a href="https://github.com/mosaicml/streaming">MosaicML Streaming</a> writes
 * it; what it takes and refuses stands in {@code docs/formats/mds.md}.
 */
public final class MdsFormat implements DatasetFormat {

  private static final String INDEX = "index.json";

  /**
   * More than ten million shards; a larger one is an error rather than a reason to stop for memory.
   */
  private static final long MAX_INDEX_BYTES = 1L << 34;

  private static final int SHOWN = 8;

  /** Called by {@link java.util.ServiceLoader}. */
  public MdsFormat() {}

  @Override
  public String name() {
    return "mds";
  }

  @Override
  public boolean recognises(List<ObjectStatus> children) {
    return children.stream().anyMatch(MdsFormat::isIndex);
  }

  private static boolean isIndex(ObjectStatus child) {
    return !child.directory() && child.location().name().equals(INDEX);
  }

  @Override
  public DatasetManifest discover(ObjectStore store, ObjectLocation root) throws IOException {
    List<ObjectStatus> children = store.list(root);
    ObjectStatus index =
        children.stream()
            .filter(MdsFormat::isIndex)
            .findFirst()
            .orElseThrow(() -> noIndex(root, children));
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
    ShardDiscovery discovery = new ShardDiscovery(store, root, location, children);
    PackedShards.Builder shards = new PackedShards.Builder();
    try (RangeReader reader = store.open(location, index.version())) {
      IndexParser.parse(
          new StoredIndexStream(reader, length),
          length,
          location,
          (number, object) -> {
            ShardEntry entry = entries.read(object);
            schema.add(entry);
            shards.add(discovery.shard(number, entry));
          });
    }
    return new DatasetManifest(name(), root, schema.schema(), shards.build());
  }

  private static FileNotFoundException noIndex(ObjectLocation root, List<ObjectStatus> children) {
    String directories =
        children.stream()
            .filter(ObjectStatus::directory)
            .limit(SHOWN)
            .map(child -> child.location().name())
            .collect(Collectors.joining(", "));
    return new FileNotFoundException(
        "Cannot read "
            + root
            + " as MDS: there is no "
            + INDEX
            + " in it"
            + (directories.isEmpty() ? "" : "; perhaps one of its directories is meant: ")
            + directories);
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
