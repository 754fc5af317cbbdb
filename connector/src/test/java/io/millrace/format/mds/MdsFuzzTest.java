// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.format.fuzz.FuzzWorker;
import io.millrace.format.mds.FuzzMutation.Kind;
import io.millrace.format.mds.FuzzSet.Hashes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Reads good sets with seeded mutations. What is damaged either fails as documented or does no harm
 * beyond the damaged bytes, in bounded time and a small heap.
 *
 * <p>A failure names its seed; {@code mvn -pl connector test -Dtest=MdsFuzzTest -Dfuzz.seed=SEED
 * -Dfuzz.count=1} repeats it. Other seeds, or more, are given the same way.
 */
@Tag("fuzz")
@Isolated
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class MdsFuzzTest {

  private static final long SEED = Long.getLong("fuzz.seed", 20_260_101L);
  private static final int COUNT = Integer.getInteger("fuzz.count", 4_000);

  private static final Map<String, int[]> SHARDS =
      Map.ofEntries(
          Map.entry("csv-none", new int[] {1}),
          Map.entry("fashion-mnist-2k", new int[] {12}),
          Map.entry("json-br", new int[] {2}),
          Map.entry("json-none", new int[] {0, 1, 2}),
          Map.entry("mds-all-gz", new int[] {0}),
          Map.entry("mds-all-none", new int[] {4}),
          Map.entry("mds-all-snappy", new int[] {0}),
          Map.entry("mds-all-zstd", new int[] {3}),
          Map.entry("mds-colnames", new int[] {0}),
          Map.entry("mds-fixed", new int[] {0}),
          Map.entry("mds-manyshards-zstd", new int[] {0, 1, 62}),
          Map.entry("mds-oversize", new int[] {0, 1, 2}),
          Map.entry("mds-pkl", new int[] {0}),
          Map.entry("mds-preencoded", new int[] {0}),
          Map.entry("mds-split/val", new int[] {0, 1}),
          Map.entry("mds-text-br11", new int[] {2}),
          Map.entry("mds-text-bz2", new int[] {2}),
          Map.entry("mds-text-gz1", new int[] {0}),
          Map.entry("mds-text-zstd19", new int[] {1, 2}),
          Map.entry("raw-sha1", new int[] {0}),
          Map.entry("xsv-pipe", new int[] {1}));

  private static FuzzMutator mutator;
  private static FuzzWorker worker;

  @BeforeAll
  static void readGoodSets(@TempDir Path directory) throws IOException {
    List<FuzzSet> small = new ArrayList<>();
    for (String name : SHARDS.keySet().stream().sorted().toList()) {
      for (Hashes hashes : Hashes.values()) {
        FuzzSet set = FuzzSet.of(MdsSets.path(name), hashes, SHARDS.get(name));
        if (hashes != Hashes.RAW || set.shards().get(0).compression() != null) {
          // those of all encodings come more often
          small.addAll(Collections.nCopies(name.startsWith("mds-all") ? 4 : 1, set));
        }
      }
    }
    Path cut = directory.resolve("cut");
    writeSetOfSeveralUnits(cut);
    List<FuzzSet> large =
        List.of(FuzzSet.of(cut, Hashes.NONE, 0), FuzzSet.of(cut, Hashes.STORED, 0));
    mutator = new FuzzMutator(small, large);
    worker = new FuzzWorker();
  }

  /** A raw shard that is too large to be read as one. */
  private static void writeSetOfSeveralUnits(Path directory) throws IOException {
    try (MdsWriter writer =
        new MdsWriter(directory, Map.of("data", "bytes", "id", "int", "name", "str"))) {
      for (int i = 0; i < 65; i++) {
        writer.write(Map.of("data", new byte[100_000 + i], "id", i, "name", "sample " + i));
      }
    }
  }

  @AfterAll
  static void stop() {
    worker.close();
  }

  @Test
  void neitherLiesNorHangsNorFailsInAnUndocumentedWay() throws InterruptedException {
    Map<Kind, Tally> tallies = new EnumMap<>(Kind.class);
    for (int i = 0; i < COUNT; i++) {
      FuzzMutation mutation = mutator.mutation(SEED + i);
      Tally tally = tallies.computeIfAbsent(mutation.kind(), kind -> new Tally());
      tally.add(mutation, run(SEED + i, mutation));
    }
    if (COUNT >= 10_000) {
      checkThatItWasWorthIt(tallies);
    }
  }

  private static FuzzOutcome run(long seed, FuzzMutation mutation) throws InterruptedException {
    return worker.run(
        "-Dfuzz.seed=" + seed + " -Dfuzz.count=1: " + mutation,
        () -> {
          FuzzOutcome outcome = FuzzOutcome.of(mutation.files());
          new FuzzCheck(mutation, outcome).check();
          return outcome;
        });
  }

  /** What came of the mutations of one kind. */
  private static final class Tally {
    private int all;
    private int hashed;
    private int failed;
    private int decoded;

    private void add(FuzzMutation mutation, FuzzOutcome outcome) {
      all++;
      hashed += mutation.set().hashes() == Hashes.NONE ? 0 : 1;
      failed += outcome.failures().isEmpty() ? 0 : 1;
      decoded += outcome.decoded() == 0 ? 0 : 1;
    }

    @Override
    public String toString() {
      return all
          + " of which "
          + hashed
          + " with hashes, "
          + failed
          + " failed, "
          + decoded
          + " gave samples";
    }
  }

  /** A fuzz test whose mutations all fail at once, or all do nothing, shows nothing. */
  private static void checkThatItWasWorthIt(Map<Kind, Tally> tallies) {
    assertThat(tallies.values().stream().mapToInt(tally -> tally.hashed).sum())
        .as("with hashes: %s", tallies)
        .isBetween(COUNT * 45 / 100, COUNT * 60 / 100);
    for (Kind kind : Kind.values()) {
      Tally tally = tallies.get(kind);
      assertThat(tally.all).as("%s", tallies).isGreaterThan(COUNT / 30);
      assertThat(tally.failed).as("%s", tallies).isGreaterThan(tally.all / 4);
      if (kind != Kind.DIGESTS) {
        assertThat(tally.decoded).as("%s", tallies).isGreaterThan(tally.all / 20);
      }
    }
  }
}
