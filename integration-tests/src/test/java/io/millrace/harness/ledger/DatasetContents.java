// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.ledger;

import io.millrace.flink.storage.FlinkObjectStore;
import io.millrace.format.DatasetFormat;
import io.millrace.format.DatasetFormats;
import io.millrace.format.DatasetManifest;
import io.millrace.format.DirectShardInput;
import io.millrace.format.SampleAssembler;
import io.millrace.format.Shard;
import io.millrace.format.ShardReader;
import io.millrace.sample.Sample;
import io.millrace.sample.SampleMetadata;
import io.millrace.sample.Schema;
import io.millrace.storage.ObjectLocation;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Hashes all samples of a dataset, one after the other, straight from its store. */
final class DatasetContents {

  private final DatasetFormat format;
  private final DatasetManifest manifest;
  private final FlinkObjectStore store;
  private final Schema projection;
  private final Map<SamplePlace, String> hashes = new LinkedHashMap<>();

  private DatasetContents(
      DatasetFormat format, DatasetManifest manifest, FlinkObjectStore store, Schema projection) {
    this.format = format;
    this.manifest = manifest;
    this.store = store;
    this.projection = projection;
  }

  /** The samples of all shards. */
  static Map<SamplePlace, String> read(String root, String... fields) throws IOException {
    ObjectLocation location = ObjectLocation.of(root);
    try (FlinkObjectStore store = new FlinkObjectStore()) {
      DatasetFormat format =
          DatasetFormats.load(DatasetContents.class.getClassLoader()).detect(store, location);
      DatasetManifest manifest = format.discover(store, location);
      Schema schema = manifest.schema();
      Schema projection = fields.length == 0 ? schema : schema.project(List.of(fields));
      DatasetContents contents = new DatasetContents(format, manifest, store, projection);
      for (int i = 0; i < manifest.shards().size(); i++) {
        Shard shard = manifest.shards().get(i);
        for (int unit = 0; unit < shard.units(); unit++) {
          contents.readUnit(shard, unit);
        }
      }
      return contents.hashes;
    }
  }

  private void readUnit(Shard shard, int unit) throws IOException {
    DirectShardInput input = new DirectShardInput(store, manifest.root());
    SampleAssembler samples = new SampleAssembler(projection);
    try (ShardReader reader = format.open(shard, unit, input, projection)) {
      for (int i = 0; i < reader.samples(); i++) {
        long index = shard.firstSample(unit) + i;
        reader.read(i, samples);
        Sample sample = samples.build(new SampleMetadata(0, shard.name(), index, 0, 0));
        hashes.put(new SamplePlace(shard.name(), index), SampleHash.of(sample));
      }
    }
  }
}
