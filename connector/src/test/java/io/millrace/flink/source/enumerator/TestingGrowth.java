// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.format.DatasetManifest;
import io.millrace.format.GenerationListing;
import io.millrace.format.PackedShards;
import io.millrace.format.Shard;
import io.millrace.format.ShardCut;
import io.millrace.format.ShardList;
import io.millrace.format.ShardObject;
import io.millrace.sample.Bytes;
import io.millrace.sample.Field;
import io.millrace.sample.FieldType;
import io.millrace.sample.Schema;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A dataset that tests add shards to: each is a file of a unit of ten samples, with a mark. */
final class TestingGrowth implements GenerationDiscovery {

  static final int SAMPLES = 10;

  private final boolean completeWhenSeen;
  private final Map<String, ObjectVersion> files = new TreeMap<>();
  private @Nullable Exception failure;
  private int looks;

  TestingGrowth(boolean completeWhenSeen) {
    this.completeWhenSeen = completeWhenSeen;
  }

  /** Writes a file, or writes one anew. */
  TestingGrowth write(String name, long mark, long length) {
    files.put(name, new ObjectVersion(length, mark, ""));
    return this;
  }

  TestingGrowth write(String name, long mark) {
    return write(name, mark, 1000);
  }

  void delete(String name) {
    files.remove(name);
  }

  /** Makes looks fail from now on, or no longer. */
  void failWith(@Nullable Exception newFailure) {
    failure = newFailure;
  }

  int looks() {
    return looks;
  }

  /** All that is there, by name, as it is found without marks. */
  DatasetManifest manifest() {
    return new DatasetManifest(
        "mds",
        location(),
        new Schema(List.of(new Field("id", FieldType.Primitive.INT64, false))),
        between(Long.MIN_VALUE, Long.MAX_VALUE));
  }

  @Override
  public GenerationListing find(long[] known, long next) throws IOException {
    looks++;
    if (failure instanceof IOException io) {
      throw io;
    } else if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    List<ShardList> generations = new ArrayList<>();
    long after = Long.MIN_VALUE;
    for (long mark : known) {
      generations.add(between(after, mark));
      after = mark;
    }
    long newest =
        files.values().stream()
            .mapToLong(ObjectVersion::modifiedMillis)
            .max()
            .orElse(Long.MIN_VALUE);
    return new GenerationListing(generations, between(after, next), newest);
  }

  private ShardList between(long after, long upTo) {
    PackedShards.Builder shards = new PackedShards.Builder();
    files.forEach(
        (name, version) -> {
          if (version.modifiedMillis() > after && version.modifiedMillis() <= upTo) {
            shards.add(
                new Shard(
                    shards.size(),
                    name,
                    ShardCut.whole(SAMPLES, version.length()),
                    List.of(new ShardObject(name, version, Optional.empty())),
                    Bytes.EMPTY));
          }
        });
    return shards.build();
  }

  /** As torch has it. */
  @Override
  public OptionalLong markOf(ShardList shards) {
    return shards.stream()
        .flatMap(shard -> shard.objects().stream())
        .mapToLong(object -> object.version().modifiedMillis())
        .max();
  }

  @Override
  public boolean isCompleteWhenSeen() {
    return completeWhenSeen;
  }

  @Override
  public ObjectLocation location() {
    return ObjectLocation.of("file:/growing");
  }
}
