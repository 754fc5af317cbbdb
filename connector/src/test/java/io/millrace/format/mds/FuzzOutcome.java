// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.DatasetManifest;
import io.millrace.format.DirectShardInput;
import io.millrace.format.SampleAssembler;
import io.millrace.format.Shard;
import io.millrace.format.ShardReader;
import io.millrace.format.fuzz.FuzzInput;
import io.millrace.format.fuzz.FuzzStore;
import io.millrace.sample.Sample;
import io.millrace.sample.SampleMetadata;
import io.millrace.sample.Schema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of reading a dataset to its end, going on after each failure.
 *
 * @param failures all that was thrown
 * @param shards in the manifest's order; none if discovery failed
 */
record FuzzOutcome(List<Throwable> failures, List<ShardOutcome> shards) {

  private static final int MOST_SAMPLES = 100_000;

  /**
   * What came of one shard.
   *
   * @param opened whether all its units could be opened
   * @param samples null for one that could not be read
   */
  record ShardOutcome(int number, String name, boolean opened, List<@Nullable Sample> samples) {

    long decoded() {
      return samples.stream().filter(sample -> sample != null).count();
    }
  }

  long decoded() {
    return shards.stream().mapToLong(ShardOutcome::decoded).sum();
  }

  /** Discovers and reads all samples, all columns. */
  static FuzzOutcome of(Map<String, byte[]> files) {
    FuzzOutcome outcome = new FuzzOutcome(new ArrayList<>(), new ArrayList<>());
    FuzzStore store = new FuzzStore(files);
    try {
      DatasetManifest manifest = MdsSets.FORMAT.discover(store, FuzzStore.ROOT);
      for (Shard shard : manifest.shards()) {
        outcome.shards.add(outcome.read(store, manifest.schema(), shard));
      }
    } catch (Throwable e) {
      outcome.failures.add(e);
    }
    return outcome;
  }

  private ShardOutcome read(FuzzStore store, Schema schema, Shard shard) {
    List<@Nullable Sample> samples = new ArrayList<>();
    boolean opened = true;
    for (int unit = 0; unit < shard.units(); unit++) {
      FuzzInput input = new FuzzInput(new DirectShardInput(store, FuzzStore.ROOT));
      List<@Nullable Sample> here = new ArrayList<>();
      try (ShardReader reader = MdsSets.FORMAT.open(shard, unit, input, schema)) {
        for (int i = 0; i < reader.samples(); i++) {
          here.add(sample(reader, i, shard, schema));
        }
        samples.addAll(here);
      } catch (Throwable e) {
        opened = false;
        failures.add(e);
        if (shard.samplesIn(unit) > MOST_SAMPLES) {
          break;
        }
        samples.addAll(Collections.nCopies(shard.samplesIn(unit), null));
      }
    }
    return new ShardOutcome(shard.index(), shard.name(), opened, samples);
  }

  private @Nullable Sample sample(ShardReader reader, int index, Shard shard, Schema schema) {
    SampleAssembler assembler = new SampleAssembler(schema);
    SampleMetadata metadata = new SampleMetadata(0, shard.name(), index, 0, 0);
    try {
      reader.read(index, assembler);
    } catch (IOException e) {
      failures.add(e);
      return null;
    }
    Sample sample = assembler.build(metadata);
    Object[] values = new Object[sample.size()];
    for (int field = 0; field < values.length; field++) {
      values[field] = sample.get(field);
    }
    return Sample.checked(schema, metadata, values);
  }
}
