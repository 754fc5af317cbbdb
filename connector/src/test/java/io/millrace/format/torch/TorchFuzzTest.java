// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.format.fuzz.FuzzWorker;
import io.millrace.format.torch.FuzzFileMutation.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Reads real files with seeded mutations. Each is read or fails as documented, in bounded time and
 * memory; what a checksum covers is never wrong.
 *
 * <p>A failure names its seed; {@code mvn -pl connector test -Dtest=TorchFuzzTest -Dfuzz.seed=SEED
 * -Dfuzz.count=1} repeats it. Other seeds, or more, are given the same way.
 */
@Tag("fuzz")
@Isolated
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class TorchFuzzTest {

  private static final long SEED = Long.getLong("fuzz.seed", 20_260_302L);
  private static final int COUNT = Integer.getInteger("fuzz.count", 4_000);

  private static final String LATENTS = "latents-conditions/latents";

  private static FuzzFileMutator mutator;

  @BeforeAll
  static void readGoodFiles() throws IOException {
    List<FuzzFile> small = new ArrayList<>();
    List<FuzzFile> large = new ArrayList<>();
    for (String folder : List.of("edge", "made", "zst", "malicious", LATENTS)) {
      for (String name : names(folder)) {
        FuzzFile file = FuzzFile.of(folder + "/" + name);
        (file.content().length > 50_000 ? large : small).add(file);
      }
    }
    mutator = new FuzzFileMutator(small, large);
  }

  private static List<String> names(String folder) throws IOException {
    try (Stream<Path> files = Files.list(TorchSets.path(folder))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.equals("nested-truncated.pt.zst"))
          .filter(name -> !folder.equals("malicious") || name.matches("_ok.pt|deflated.pt"))
          .sorted()
          .limit(folder.equals(LATENTS) ? 5 : 100) // these are much the same
          .toList();
    }
  }

  @Test
  void neitherLiesNorHangsNorFailsInAnUndocumentedWay() throws IOException, InterruptedException {
    Map<Kind, int[]> tallies = new EnumMap<>(Kind.class);
    try (FuzzWorker worker = new FuzzWorker()) {
      for (int i = 0; i < COUNT; i++) {
        FuzzFileMutation mutation = mutator.mutation(SEED + i);
        String replay = "-Dfuzz.seed=" + (SEED + i) + " -Dfuzz.count=1: " + mutation;
        boolean read =
            worker.run(
                replay,
                () -> {
                  FuzzFileCheck check = new FuzzFileCheck(mutation);
                  check.check();
                  return check.isRead();
                });
        tallies.computeIfAbsent(mutation.kind(), kind -> new int[2])[read ? 1 : 0]++;
      }
    }
    if (COUNT >= 10_000) {
      checkThatItWasWorthIt(tallies);
    }
  }

  /** A fuzz test whose mutations all fail at once, or all do nothing, shows nothing. */
  private static void checkThatItWasWorthIt(Map<Kind, int[]> tallies) {
    for (Kind kind : Kind.values()) {
      int failed = tallies.get(kind)[0];
      int read = tallies.get(kind)[1];
      assertThat(failed).as("%s that failed", kind).isGreaterThan(COUNT / 10);
      assertThat(read).as("%s that were read", kind).isGreaterThan(COUNT / 150);
    }
  }
}
