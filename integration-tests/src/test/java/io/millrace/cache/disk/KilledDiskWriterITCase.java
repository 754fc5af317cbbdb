// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.harness.process.JavaProcess;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that writes to the cache on disk is killed, at another moment each time; the next one
 * takes over what it left. {@code -Dmillrace.disk.kills=100} makes so many runs.
 */
@Tag("it")
class KilledDiskWriterITCase {

  private static final int KILLS = Integer.getInteger("millrace.disk.kills", 3);
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir private Path directory;

  @Test
  @Timeout(3600)
  void servesNothingWrongAfterKills() throws Exception {
    Path cache = directory.resolve("cache");
    Random random = new Random(KILLS);
    List<Path> classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .filter(Files::exists)
            .toList();
    for (int run = 0; run < KILLS; run++) {
      Path log = directory.resolve("log-" + run);
      try (JavaProcess writer =
          JavaProcess.builder("disk writer " + run)
              .classpath(classPath)
              .jvmArgs("-Xmx64m", "-XX:TieredStopAtLevel=1")
              .mainClass(DiskWriterMain.class.getName())
              .args(cache.toString(), String.valueOf(run))
              .log(log)
              .start()) {
        int found =
            Integer.parseInt(writer.awaitLine(Pattern.compile("^found (.*)$"), LIMIT).group(1));
        assertThat(found)
            .as("run %d finds what the one before left", run)
            .isGreaterThanOrEqualTo(run == 0 ? 0 : 20);
        int step = 20 * (3 + random.nextInt(20));
        writer.awaitLine(Pattern.compile("^step " + step + "$"), LIMIT);
        LockSupport.parkNanos(random.nextInt(5_000_000)); // a byte later than what it printed
        writer.kill();
        assertThat(writer.findLine(Pattern.compile("^wrong .*"))).isEmpty();
      }
      check(cache);
    }
  }

  /** Everything that is found is right, and within the bound. */
  private static void check(Path cache) throws Exception {
    assertThat(TestingStore.bytesOnDisk(cache)).isLessThanOrEqualTo(DiskWriterMain.DISK_BYTES);
    try (TestingStore store =
        TestingStore.open(cache, "plan", DiskWriterMain.DISK_BYTES, DiskFiles.REAL)) {
      store.store.setPlans(List.of(extent -> 1));
      int whole = 0;
      for (int i = 0; i < DiskWriterMain.EXTENTS; i++) {
        whole += store.read(DiskWriterMain.extent(i)) ? 1 : 0;
      }
      assertThat(whole).isGreaterThan(20);
      assertThat(store.store.counts().extents()).isEqualTo(whole);
      assertThat(store.store.counts().damages())
          .as("one record was being written")
          .isBetween(0L, 1L);
    }
  }
}
