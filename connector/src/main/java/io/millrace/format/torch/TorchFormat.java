// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.DatasetManifest;
import io.millrace.format.GenerationListing;
import io.millrace.format.GrowingFormat;
import io.millrace.format.PackedShards;
import io.millrace.format.Shard;
import io.millrace.format.ShardInput;
import io.millrace.format.ShardList;
import io.millrace.format.ShardObject;
import io.millrace.format.ShardReader;
import io.millrace.format.SideBySide;
import io.millrace.sample.Field;
import io.millrace.sample.Schema;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStatus;
import io.millrace.storage.ObjectStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Directory trees of files that PyTorch's {@code torch.save} wrote, one sample each, raw or
 * zstd-compressed; what it takes and refuses stands in {@code docs/formats/torch.md}.
 */
public final class TorchFormat implements GrowingFormat {

  private static final int SHOWN = 8;

  private final Supplier<TorchFileReader> files;

  /** Called by {@link java.util.ServiceLoader}. */
  public TorchFormat() {
    this(StoredFileReader::new);
  }

  TorchFormat(Supplier<TorchFileReader> files) {
    this.files = files;
  }

  @Override
  public String name() {
    return "torch";
  }

  @Override
  public boolean recognises(List<ObjectStatus> children) {
    return children.stream()
        .anyMatch(child -> !child.directory() && SampleNames.isSample(child.location().name()));
  }

  @Override
  public DatasetManifest discover(ObjectStore store, ObjectLocation root) throws IOException {
    return discover(store, root, false);
  }

  /** The fields are found in files that can be read. */
  @Override
  public DatasetManifest discoverLeniently(ObjectStore store, ObjectLocation root)
      throws IOException {
    return discover(store, root, true);
  }

  private DatasetManifest discover(ObjectStore store, ObjectLocation root, boolean lenient)
      throws IOException {
    List<ObjectStatus> children = store.list(root);
    try (SideBySide requests = new SideBySide();
        TorchFileReader reader = files.get()) {
      TorchShards groups = new TorchShards();
      new SampleTree(store, root, requests).walk(children, groups::add);
      PackedShards shards = groups.build();
      if (shards.isEmpty()) {
        throw noSamples(root, children);
      }
      SchemaInference inference = new SchemaInference(store, root, reader, lenient);
      Schema schema = inference.infer(shards, requests);
      FieldNames names = new FieldNames(schema.fields().stream().map(Field::name).toList());
      return new DatasetManifest(
          name(),
          root,
          schema,
          TorchShards.describe(shards, names.toBytes(), inference.inflation()));
    }
  }

  /** A mark is the time at which a file was changed. */
  @Override
  public GenerationListing discover(
      ObjectStore store, ObjectLocation root, Schema schema, long[] known, long next)
      throws IOException {
    return discover(store, root, schema, new TreeGenerations(root, known, next, false));
  }

  /** Files without a byte are samples, too: ones that cannot be read. */
  @Override
  public GenerationListing discoverLeniently(
      ObjectStore store, ObjectLocation root, Schema schema, long[] known, long next)
      throws IOException {
    return discover(store, root, schema, new TreeGenerations(root, known, next, true));
  }

  private static GenerationListing discover(
      ObjectStore store, ObjectLocation root, Schema schema, TreeGenerations generations)
      throws IOException {
    try (SideBySide requests = new SideBySide()) {
      new SampleTree(store, root, requests).walk(store.list(root), generations::add);
    }
    FieldNames names = new FieldNames(schema.fields().stream().map(Field::name).toList());
    return generations.build(names.toBytes());
  }

  /** The time of the newest file; empty if that of one is not known. */
  @Override
  public OptionalLong markOf(ShardList shards) {
    long newest = Long.MIN_VALUE;
    for (Shard shard : shards) {
      for (ShardObject object : shard.objects()) {
        long changed = object.version().modifiedMillis();
        if (changed <= 0) {
          return OptionalLong.empty();
        }
        newest = Math.max(newest, changed);
      }
    }
    return OptionalLong.of(newest);
  }

  /** A file may be seen while it is being written. */
  @Override
  public boolean isCompleteWhenSeen() {
    return false;
  }

  private static FileNotFoundException noSamples(ObjectLocation root, List<ObjectStatus> children) {
    String shown =
        children.stream()
            .limit(SHOWN)
            .map(child -> child.location().name() + (child.directory() ? "/" : ""))
            .collect(Collectors.joining(", "));
    return new FileNotFoundException(
        "Cannot read "
            + root
            + " as torch: there is no .pt or .pt.zst file in it or below it; it holds "
            + (children.isEmpty() ? "nothing" : shown)
            + (children.size() > SHOWN ? " and " + (children.size() - SHOWN) + " more" : ""));
  }

  @Override
  public ShardReader open(Shard shard, int unit, ShardInput input, Schema projection)
      throws IOException {
    try (TorchFileReader reader = files.get()) {
      return OpenSamples.open(shard, input, projection, reader);
    }
  }

  @Override
  public ShardReader openLeniently(Shard shard, int unit, ShardInput input, Schema projection)
      throws IOException {
    try (TorchFileReader reader = files.get()) {
      return OpenSamples.openLeniently(shard, input, projection, reader);
    }
  }

  @Override
  public List<ShardObject> readWhole(Shard shard) {
    return shard.objects().stream().filter(object -> object.version().length() > 0).toList();
  }

  @Override
  public Optional<Shard> slice(Shard shard, long first, long count) {
    return Optional.of(TorchShards.slice(shard, first, count));
  }
}
