// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.DatasetManifest;
import io.millrace.format.DirectShardInput;
import io.millrace.format.SampleAssembler;
import io.millrace.format.Shard;
import io.millrace.format.ShardInput;
import io.millrace.format.ShardReader;
import io.millrace.sample.Sample;
import io.millrace.sample.SampleMetadata;
import io.millrace.sample.Schema;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.TestingObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A dataset whose files hold numbers of values that a test made by hand, and the format that reads
 * them.
 */
final class TestingFiles implements TorchFileReader {

  private final Path root;
  private final TestingObjectStore store;
  private final List<Object> values = new ArrayList<>();
  private final List<String> read = new ArrayList<>();

  TestingFiles(Path root) {
    this.root = root;
    this.store = new TestingObjectStore(root);
  }

  TestingObjectStore store() {
    return store;
  }

  /** The files whose values were asked for, in order; compressed ones say so. */
  List<String> read() {
    return read;
  }

  /** Writes a file that holds a value. */
  TestingFiles write(String path, Object value) throws IOException {
    return write(path, value, 8);
  }

  /** Writes a file of some length that holds a value. */
  TestingFiles write(String path, Object value, int length) throws IOException {
    byte[] number = (values.size() + "\n").getBytes(StandardCharsets.US_ASCII);
    values.add(value);
    Files.createDirectories(root.resolve(path).getParent());
    Files.write(root.resolve(path), Arrays.copyOf(number, Math.max(length, number.length)));
    return this;
  }

  TorchFormat format() {
    return new TorchFormat(() -> this);
  }

  DatasetManifest discover() throws IOException {
    return format().discover(store, store.root());
  }

  List<Sample> readAll() throws IOException {
    DatasetManifest manifest = discover();
    return readAll(manifest, manifest.schema());
  }

  List<Sample> readAll(DatasetManifest manifest, Schema projection) throws IOException {
    List<Sample> samples = new ArrayList<>();
    for (Shard shard : manifest.shards()) {
      samples.addAll(readAll(shard, projection, new DirectShardInput(store, manifest.root())));
    }
    return samples;
  }

  List<Sample> readAll(Shard shard, Schema projection, ShardInput input) throws IOException {
    List<Sample> samples = new ArrayList<>();
    SampleAssembler assembler = new SampleAssembler(projection);
    try (ShardReader reader = format().open(shard, 0, input, projection)) {
      for (int i = 0; i < reader.samples(); i++) {
        reader.read(i, assembler);
        samples.add(assembler.build(new SampleMetadata(0, shard.name(), i, 0, 0)));
      }
    }
    return samples;
  }

  @Override
  public Object read(StoredFile file, ShardInput input) throws IOException {
    ByteChunks stored = file.bytes();
    if (file.compressed()) {
      input.allocate(2 * stored.length());
    }
    String path = file.object().uri().substring(store.root().uri().length() + 1);
    read.add(file.compressed() ? path + " (zstd)" : path);
    String text =
        new String(stored.copy(0, (int) Math.min(8, stored.length())), StandardCharsets.US_ASCII);
    return values.get(Integer.parseInt(text.substring(0, text.indexOf('\n'))));
  }

  @Override
  public void close() {}
}
