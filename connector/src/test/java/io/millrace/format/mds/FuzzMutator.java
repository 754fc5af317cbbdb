// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.codec.TestingStreams;
import io.millrace.format.fuzz.FuzzBytes;
import io.millrace.format.mds.FuzzMutation.Kind;
import io.millrace.format.mds.FuzzSet.Hashes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Makes the mutation of a seed. */
final class FuzzMutator {

  /** One of so many mutations is of a set that takes long to read. */
  private static final int RARE = 200;

  private final List<FuzzSet> plain;
  private final List<FuzzSet> hashed;
  private final List<FuzzSet> large;

  FuzzMutator(List<FuzzSet> small, List<FuzzSet> large) {
    this.plain = small.stream().filter(set -> set.hashes() == Hashes.NONE).toList();
    this.hashed = small.stream().filter(set -> set.hashes() != Hashes.NONE).toList();
    this.large = large;
  }

  /** Depends on nothing but the seed and the sets. */
  FuzzMutation mutation(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder what = new StringBuilder();
    int percent = random.nextInt(100);
    Kind kind =
        percent < 40
            ? Kind.OBJECT
            : percent < 70
                ? Kind.CONTENT
                : percent < 90 ? Kind.INDEX : percent < 95 ? Kind.HASHES : Kind.DIGESTS;
    FuzzSet set = set(random, kind);
    Map<String, byte[]> files =
        switch (kind) {
          case OBJECT -> object(random, set, what);
          case CONTENT -> content(random, set, what);
          default -> index(random, kind, set, what);
        };
    return new FuzzMutation(kind, set, what.toString(), files);
  }

  /** Half of all have hashes. */
  private FuzzSet set(SplittableRandom random, Kind kind) {
    if (random.nextInt(RARE) == 0 && kind != Kind.HASHES && kind != Kind.DIGESTS) {
      return large.get(random.nextInt(large.size()));
    }
    int withHashes =
        switch (kind) {
          case OBJECT -> 60;
          case CONTENT -> 30;
          case INDEX -> 50;
          case HASHES, DIGESTS -> 100;
        };
    List<FuzzSet> sets = random.nextInt(100) < withHashes ? hashed : plain;
    return sets.get(random.nextInt(sets.size()));
  }

  private static Map<String, byte[]> object(
      SplittableRandom random, FuzzSet set, StringBuilder what) {
    FuzzShard shard = set.shards().get(random.nextInt(set.shards().size()));
    String meta = shard.meta();
    String path = meta != null && random.nextBoolean() ? meta : shard.data();
    what.append(path).append(" ");
    Map<String, byte[]> files = new TreeMap<>(set.files());
    byte[] other = set.shards().get(0).rawData();
    byte[] bytes = new FuzzBytes(random, what).mutate(set.files().get(path), other);
    files.put(path, bytes);
    if (random.nextInt(4) > 0) {
      // so that it gets past discovery
      setBytes(files, path, bytes.length);
    }
    return files;
  }

  private static Map<String, byte[]> content(
      SplittableRandom random, FuzzSet set, StringBuilder what) {
    FuzzShard shard = set.shards().get(random.nextInt(set.shards().size()));
    what.append(shard.data()).append(": ");
    FuzzContent.Files content = new FuzzContent(random, what, shard).mutate();
    Map<String, byte[]> files = new TreeMap<>(set.files());
    put(files, shard, shard.data(), content.data());
    if (content.meta() != null && shard.meta() != null) {
      put(files, shard, shard.meta(), content.meta());
    }
    return files;
  }

  private static void put(Map<String, byte[]> files, FuzzShard shard, String path, byte[] raw) {
    boolean data = path.equals(shard.data());
    if (raw == (data ? shard.rawData() : shard.rawMeta())) {
      return;
    }
    byte[] stored =
        shard.compression() == null ? raw : TestingStreams.compress(shard.compression(), raw);
    files.put(path, stored);
    setBytes(files, path, stored.length);
    if (shard.compression() != null) {
      String suffix = shard.compression().suffix();
      setBytes(files, path.substring(0, path.length() - suffix.length()), raw.length);
    }
  }

  /** Makes the index tell another length of a file. */
  private static void setBytes(Map<String, byte[]> files, String path, int length) {
    Map<String, Object> index =
        TestJson.object(new String(files.get(FuzzSet.INDEX), StandardCharsets.UTF_8));
    for (Object shard : FuzzSet.list(index.get("shards"))) {
      for (Object value : FuzzSet.map(shard).values()) {
        if (value instanceof Map && path.equals(FuzzSet.map(value).get("basename"))) {
          FuzzSet.map(value).put("bytes", length);
        }
      }
    }
    write(files, index);
  }

  private static Map<String, byte[]> index(
      SplittableRandom random, Kind kind, FuzzSet set, StringBuilder what) {
    Map<String, byte[]> files = new TreeMap<>(set.files());
    if (kind == Kind.INDEX && random.nextInt(4) == 0) {
      byte[] text = set.files().get(FuzzSet.INDEX);
      files.put(FuzzSet.INDEX, new FuzzBytes(random, what).mutate(text, text));
      return files;
    }
    Map<String, Object> index = set.index();
    FuzzIndex mutator = new FuzzIndex(random, what);
    if (kind == Kind.DIGESTS) {
      mutator.spoilDigests(set, index);
    } else {
      index = mutator.mutate(index, kind == Kind.HASHES);
    }
    write(files, index);
    return files;
  }

  private static void write(Map<String, byte[]> files, Map<String, Object> index) {
    files.put(FuzzSet.INDEX, TestJson.write(index).getBytes(StandardCharsets.UTF_8));
  }
}
