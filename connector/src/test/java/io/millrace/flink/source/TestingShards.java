// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source;

import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.format.ContentHash;
import io.millrace.format.DatasetManifest;
import io.millrace.format.Shard;
import io.millrace.format.ShardCut;
import io.millrace.format.ShardObject;
import io.millrace.sample.Bytes;
import io.millrace.sample.Field;
import io.millrace.sample.FieldType;
import io.millrace.sample.Schema;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Shards, splits and manifests of made-up datasets. */
public final class TestingShards {

  private TestingShards() {}

  /** A shard of one object with a hash. */
  public static Shard shard(int index, long samples, long samplesPerUnit) {
    ObjectVersion version = new ObjectVersion(1000 + index, 1700000000000L, "");
    ShardObject object =
        new ShardObject(
            "shard." + index + ".mds",
            version,
            Optional.of(new ContentHash("xxh64", "0123456789abcdef")));
    return new Shard(
        index,
        "shard." + index + ".mds",
        new ShardCut(0, samples, samplesPerUnit, 4096),
        List.of(object),
        Bytes.copyOf(new byte[] {1, 2, 3}, 0, 3));
  }

  /** A dataset of shards with these numbers of samples, all with units of as many samples. */
  public static DatasetManifest manifest(long samplesPerUnit, long... samples) {
    List<Shard> shards = new ArrayList<>();
    for (long count : samples) {
      shards.add(shard(shards.size(), count, samplesPerUnit));
    }
    return new DatasetManifest(
        "mds",
        ObjectLocation.of("file:/data"),
        new Schema(List.of(new Field("id", FieldType.Primitive.INT64, false))),
        shards);
  }

  /** The only unit of a shard of ten samples, as a split. */
  public static MillraceSplit split(int epoch, long rank) {
    return split(epoch, rank, 10);
  }

  /** The only unit of a shard of so many samples, as a split. */
  public static MillraceSplit split(int epoch, long rank, long samples) {
    return split(epoch, rank, samples, 0);
  }

  /** The same in an incarnation of the dataset. */
  public static MillraceSplit split(int epoch, long rank, long samples, int incarnation) {
    Shard shard = shard((int) rank, samples, samples);
    return new MillraceSplit(epoch, rank, 100, rank, shard, 0, true, 0, 0, incarnation);
  }
}
