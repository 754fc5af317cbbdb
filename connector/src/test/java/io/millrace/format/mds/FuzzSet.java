// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.hash.ContentHasher;
import io.millrace.sample.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A good dataset of a few shards in memory, with what it decodes to.
 *
 * @param files the objects by path, the index among them
 * @param shards in the order of the index
 * @param truth samples by the path of the shard's data file
 */
record FuzzSet(
    String name,
    Hashes hashes,
    Map<String, byte[]> files,
    List<FuzzShard> shards,
    Map<String, List<Sample>> truth) {

  static final String INDEX = "index.json";

  /** Which files have a hash in the index. */
  enum Hashes {
    NONE,
    /** All. */
    STORED,
    /** Of a compressed shard only what it inflates to. */
    RAW
  }

  /** Takes some shards of a set out of a directory. */
  static FuzzSet of(Path directory, Hashes hashes, int... numbers) throws IOException {
    Map<String, Object> index =
        TestJson.object(Files.readString(directory.resolve(INDEX), StandardCharsets.UTF_8));
    List<Object> all = list(index.get("shards"));
    List<Object> chosen = new ArrayList<>();
    Map<String, byte[]> files = new TreeMap<>();
    List<FuzzShard> shards = new ArrayList<>();
    for (int number : numbers) {
      Map<String, Object> entry = map(all.get(number));
      for (String kind : entry.containsKey("raw_meta") ? new String[] {"data", "meta"} : DATA) {
        String path = FuzzShard.pathOf(entry, kind);
        files.put(path, Files.readAllBytes(directory.resolve(path)));
      }
      FuzzShard shard = FuzzShard.of(entry, files);
      setHashes(entry, shard, files, hashes);
      shards.add(shard);
      chosen.add(entry);
    }
    index.put("shards", chosen);
    files.put(INDEX, TestJson.write(index).getBytes(StandardCharsets.UTF_8));
    FuzzOutcome good = FuzzOutcome.of(files);
    if (!good.failures().isEmpty()) {
      throw new IllegalStateException("Cannot read a good set", good.failures().get(0));
    }
    Map<String, List<Sample>> truth = new HashMap<>();
    good.shards().forEach(shard -> truth.put(shard.name(), List.copyOf(shard.samples())));
    String name = directory.getParent().getFileName() + "/" + directory.getFileName();
    return new FuzzSet(name + List.of(box(numbers)), hashes, files, shards, truth);
  }

  private static final String[] DATA = {"data"};

  private static Integer[] box(int[] numbers) {
    return Arrays.stream(numbers).boxed().toArray(Integer[]::new);
  }

  /** Publishes the hashes that a set should have: those it had, or one that suits its number. */
  private static void setHashes(
      Map<String, Object> entry, FuzzShard shard, Map<String, byte[]> files, Hashes hashes) {
    List<Object> algorithms = new ArrayList<>();
    if (hashes != Hashes.NONE) {
      algorithms.addAll(list(entry.get("hashes")));
      if (algorithms.isEmpty()) {
        List<String> known = List.copyOf(ContentHasher.supported());
        algorithms.add(known.get(shard.rawData().length % known.size()));
      }
    }
    entry.put("hashes", algorithms);
    boolean stored = hashes == Hashes.STORED || shard.compression() == null;
    for (String kind : shard.isMds() ? List.of("data") : List.of("data", "meta")) {
      byte[] raw = kind.equals("data") ? shard.rawData() : shard.table();
      map(entry.get("raw_" + kind)).put("hashes", digests(algorithms, raw));
      if (shard.compression() != null) {
        byte[] zip = files.get(FuzzShard.pathOf(entry, kind));
        map(entry.get("zip_" + kind)).put("hashes", digests(stored ? algorithms : List.of(), zip));
      }
    }
  }

  private static Map<String, Object> digests(List<Object> algorithms, byte[] bytes) {
    Map<String, Object> digests = new LinkedHashMap<>();
    for (Object algorithm : algorithms) {
      ContentHasher hasher = ContentHasher.of((String) algorithm);
      hasher.update(bytes, 0, bytes.length);
      digests.put((String) algorithm, hasher.hexDigest());
    }
    return digests;
  }

  /** A copy of the index that may be changed. */
  Map<String, Object> index() {
    return TestJson.object(new String(files.get(INDEX), StandardCharsets.UTF_8));
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked")
  static List<Object> list(Object value) {
    return (List<Object>) value;
  }
}
