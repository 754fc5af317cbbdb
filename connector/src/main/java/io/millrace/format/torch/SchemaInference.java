// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.BadInput;
import io.millrace.format.ByteRange;
import io.millrace.format.PackedShards;
import io.millrace.format.Shard;
import io.millrace.format.ShardObject;
import io.millrace.format.SideBySide;
import io.millrace.sample.Schema;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;

/**
 * Finds the fields of a dataset in some of its samples: up to {@value #SAMPLES}, the first one
 * among them, spread evenly; fewer where they are large. The same samples each time.
 */
final class SchemaInference {

  static final int SAMPLES = 64;

  /** Most bytes that are read, unless the first sample alone is larger. */
  static final long BYTES = 64L << 20;

  private final ObjectStore store;
  private final ObjectLocation root;
  private final TorchFileReader files;
  private final boolean lenient;
  private final SchemaMerger merger = new SchemaMerger();
  private long compressedBytes;
  private long inflatedBytes;

  /**
   * @param lenient whether samples that are damaged or missing are passed over, unless all are
   */
  SchemaInference(ObjectStore store, ObjectLocation root, TorchFileReader files, boolean lenient) {
    this.store = store;
    this.root = root;
    this.files = files;
    this.lenient = lenient;
  }

  /** Looks at samples; once. */
  Schema infer(PackedShards shards, SideBySide requests) throws IOException {
    List<ShardObject> chosen = choose(shards);
    List<DiscoveryInput> inputs = new ArrayList<>();
    List<Future<ByteChunks>> contents = new ArrayList<>();
    for (ShardObject sample : chosen) {
      DiscoveryInput input = new DiscoveryInput(store, root, sample.path());
      inputs.add(input);
      contents.add(requests.begin(() -> content(sample, input)));
    }
    IOException failure = null;
    int found = 0;
    for (int i = 0; i < chosen.size(); i++) {
      ObjectLocation location = root.resolve(chosen.get(i).path());
      try {
        ByteChunks content = SideBySide.await(contents.get(i), "read " + location);
        add(location, chosen.get(i).path(), content, inputs.get(i));
        found++;
      } catch (IOException e) {
        if (!lenient || !BadInput.is(e)) {
          throw e;
        }
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null && found == 0) {
      throw failure;
    }
    try {
      return merger.schema();
    } catch (FieldException e) {
      throw unusable(e);
    }
  }

  private ByteChunks content(ShardObject sample, DiscoveryInput input) throws IOException {
    long length = sample.version().length();
    OpenSamples.checkNotEmpty(root.resolve(sample.path()), length);
    return input.read(sample, new ByteRange(0, length));
  }

  /** What zstd files inflate to, in their lengths, as far as the samples tell. */
  double inflation() {
    return compressedBytes == 0 ? TorchShards.INFLATION : (double) inflatedBytes / compressedBytes;
  }

  private void add(ObjectLocation location, String path, ByteChunks content, DiscoveryInput input)
      throws IOException {
    boolean compressed = SampleNames.isCompressed(path);
    Object value = files.read(StoredFile.unchecked(location, content, compressed), input);
    if (compressed) {
      compressedBytes += content.length();
      inflatedBytes += input.used() - content.length();
    }
    Map<String, Object> fields = OpenSamples.fieldsOf(location, value);
    try {
      merger.add(fields, path);
    } catch (FieldException e) {
      throw unusable(e);
    }
  }

  private IOException unusable(FieldException e) {
    return new IOException("Cannot find the fields of " + root + ": " + e.getMessage(), e);
  }

  /** Evenly spread ones, of which every other is left out until the rest is small enough. */
  private static List<ShardObject> choose(PackedShards shards) {
    List<ShardObject> chosen = spread(shards);
    while (chosen.size() > 1 && bytesOf(chosen) > BYTES) {
      List<ShardObject> half = new ArrayList<>();
      for (int i = 0; i < chosen.size(); i += 2) {
        half.add(chosen.get(i));
      }
      chosen = half;
    }
    return chosen;
  }

  private static List<ShardObject> spread(PackedShards shards) {
    long samples = shards.stream().mapToLong(Shard::samples).sum();
    int wanted = (int) Math.min(SAMPLES, samples);
    List<ShardObject> spread = new ArrayList<>(wanted);
    long before = 0;
    for (Shard shard : shards) {
      // Sample number i of those wanted is at i / (wanted − 1) of the way to the last one.
      while (spread.size() < wanted) {
        long number = wanted == 1 ? 0 : spread.size() * (samples - 1) / (wanted - 1);
        if (number >= before + shard.samples()) {
          break;
        }
        spread.add(shard.objects().get((int) (number - before)));
      }
      before += shard.samples();
    }
    return spread;
  }

  private static long bytesOf(List<ShardObject> objects) {
    return objects.stream().mapToLong(object -> object.version().length()).sum();
  }
}
