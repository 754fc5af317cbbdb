// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.DatasetManifest;
import io.millrace.format.DirectShardInput;
import io.millrace.format.SampleAssembler;
import io.millrace.format.Shard;
import io.millrace.format.ShardReader;
import io.millrace.sample.Sample;
import io.millrace.sample.SampleMetadata;
import io.millrace.sample.Schema;
import io.millrace.storage.TestingObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The sets in the test resources, and reading of whole sets. */
public final class MdsSets {

  static final MdsFormat FORMAT = new MdsFormat();

  private MdsSets() {}

  /** A file or directory below {@code src/test/resources/mds}. */
  public static Path path(String name) {
    try {
      return Path.of(MdsSets.class.getResource("/mds/README.md").toURI()).resolveSibling(name);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static DatasetManifest discover(Path directory) throws IOException {
    TestingObjectStore store = new TestingObjectStore(directory);
    return FORMAT.discover(store, store.root());
  }

  /** All samples in order, by all units of all shards. */
  public static List<Sample> readAll(Path directory) throws IOException {
    DatasetManifest manifest = discover(directory);
    return readAll(directory, manifest, manifest.schema());
  }

  static List<Sample> readAll(Path directory, DatasetManifest manifest, Schema projection)
      throws IOException {
    TestingObjectStore store = new TestingObjectStore(directory);
    List<Sample> samples = new ArrayList<>();
    for (Shard shard : manifest.shards()) {
      for (int unit = 0; unit < shard.units(); unit++) {
        DirectShardInput input = new DirectShardInput(store, manifest.root());
        samples.addAll(readUnit(shard, unit, input, projection));
      }
    }
    return samples;
  }

  static List<Sample> readUnit(Shard shard, int unit, DirectShardInput input, Schema projection)
      throws IOException {
    List<Sample> samples = new ArrayList<>();
    SampleAssembler assembler = new SampleAssembler(projection);
    try (ShardReader reader = FORMAT.open(shard, unit, input, projection)) {
      for (int i = 0; i < reader.samples(); i++) {
        reader.read(i, assembler);
        long sample = shard.firstSample(unit) + i;
        Sample built = assembler.build(new SampleMetadata(0, shard.name(), sample, 0, 0));
        Object[] values = new Object[built.size()];
        for (int field = 0; field < values.length; field++) {
          values[field] = built.get(field);
        }
        samples.add(Sample.checked(projection, built.metadata(), values));
      }
    }
    return samples;
  }

  /** Copies a directory with all that it holds. */
  static Path copy(Path from, Path to) {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
      return to;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
