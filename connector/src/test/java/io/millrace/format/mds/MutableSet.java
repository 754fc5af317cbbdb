// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.DatasetManifest;
import io.millrace.format.DirectShardInput;
import io.millrace.sample.Sample;
import io.millrace.storage.TestingObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A copy of a set whose index and files a test damages. */
final class MutableSet {

  private final Path directory;
  private final Map<String, Object> index;

  MutableSet(Path original, Path directory) throws IOException {
    this.directory = MdsSets.copy(original, directory);
    this.index = TestJson.object(Files.readString(directory.resolve("index.json")));
  }

  /** The directory's URI as messages show it. */
  String uri() {
    return store().root().uri();
  }

  TestingObjectStore store() {
    return new TestingObjectStore(directory);
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  /** Puts a value at a path such as {@code shards.3.raw_data.bytes}. */
  MutableSet set(String path, @Nullable Object value) throws IOException {
    int dot = path.lastIndexOf('.');
    Object parent = dot < 0 ? index : at(path.substring(0, dot));
    String key = path.substring(dot + 1);
    if (parent instanceof List<?>) {
      list(parent).set(Integer.parseInt(key), value);
    } else {
      map(parent).put(key, value);
    }
    return save();
  }

  MutableSet remove(String path) throws IOException {
    int dot = path.lastIndexOf('.');
    map(dot < 0 ? index : at(path.substring(0, dot))).remove(path.substring(dot + 1));
    return save();
  }

  @Nullable Object at(String path) {
    Object node = index;
    for (String key : path.split("\\.", -1)) {
      node = node instanceof List<?> list ? list.get(Integer.parseInt(key)) : map(node).get(key);
    }
    return node;
  }

  private MutableSet save() throws IOException {
    Files.writeString(directory.resolve("index.json"), TestJson.write(index));
    return this;
  }

  /** Changes bytes of a file. */
  MutableSet patch(String name, int offset, byte... bytes) throws IOException {
    byte[] content = Files.readAllBytes(file(name));
    System.arraycopy(bytes, 0, content, offset, bytes.length);
    Files.write(file(name), content);
    return this;
  }

  DatasetManifest discover() throws IOException {
    return MdsSets.discover(directory);
  }

  List<Sample> readAll() throws IOException {
    return MdsSets.readAll(directory);
  }

  /** Reads one unit of a shard whole. */
  List<Sample> read(int shard, int unit) throws IOException {
    DatasetManifest manifest = discover();
    DirectShardInput input = new DirectShardInput(store(), manifest.root());
    return MdsSets.readUnit(manifest.shards().get(shard), unit, input, manifest.schema());
  }

  @SuppressWarnings("unchecked")
  static Map<String, @Nullable Object> map(@Nullable Object node) {
    return (Map<String, @Nullable Object>) node;
  }

  @SuppressWarnings("unchecked")
  static List<@Nullable Object> list(@Nullable Object node) {
    return (List<@Nullable Object>) node;
  }
}
