// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.scan.MillraceOptions;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The builder and the options are two ways to say the same. */
@Tag("unit")
class MillraceSourceBuilderTest {

  /** What the builder has beside a method for each option. */
  private static final Set<String> OTHERS =
      Set.of("build", "dataset", "fields", "scanEpochsUnbounded");

  @Test
  void hasAMethodForEachOptionNamedLikeIt() {
    Set<String> expected = new TreeSet<>();
    for (ConfigOption<?> option : MillraceOptions.all()) {
      expected.add(camelCase(option.key()));
    }
    Set<String> found = new TreeSet<>();
    Arrays.stream(MillraceSourceBuilder.class.getDeclaredMethods())
        .filter(method -> java.lang.reflect.Modifier.isPublic(method.getModifiers()))
        .map(Method::getName)
        .filter(name -> !OTHERS.contains(name))
        .forEach(found::add);
    assertThat(found).isEqualTo(expected);
  }

  private static String camelCase(String key) {
    StringBuilder name = new StringBuilder();
    boolean upper = false;
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (c == '.' || c == '-') {
        upper = true;
      } else {
        name.append(upper ? Character.toUpperCase(c) : c);
        upper = false;
      }
    }
    return name.toString();
  }

  @Test
  void setsTheOptionThatItsMethodIsNamedFor() throws Exception {
    MillraceSourceBuilder builder =
        MillraceSource.builder()
            .path("file:/data")
            .format("mds")
            .scanEpochs(3)
            .scanShuffle(true)
            .scanShuffleSeed(4)
            .scanShuffleWindow(5)
            .scanStartEpoch(2)
            .scanStartPosition(15)
            .scanEpochBarrier(true)
            .scanAssignment("first-come")
            .scanVerifyHashes(false)
            .scanDiscoveryInterval(Duration.ofSeconds(12))
            .scanRestoreOnChange("restart-epoch")
            .scanOnError("skip-shard")
            .scanOnErrorMaxSkipped("2 %")
            .cachePolicy("lru")
            .cacheMemorySize(MemorySize.ofMebiBytes(6))
            .cacheTtl(Duration.ofHours(12))
            .cacheDiskDir("/disk1", "/disk2")
            .cacheDiskSize(MemorySize.ofMebiBytes(12))
            .cacheDiskMinFree("13 %")
            .cacheDiskRetention(Duration.ofHours(14))
            .cacheLocalFiles("always")
            .cacheCompression("none")
            .prefetchBudget("7 mb")
            .prefetchMaxRequests(8)
            .storageRequestTimeout(Duration.ofSeconds(9))
            .storageRetryTimeout(Duration.ofSeconds(10))
            .storageMaxRequestsPerSecond(11)
            .storageHedging(false);

    Configuration options = optionsOf(builder);
    Map<ConfigOption<?>, Object> expected = whatThatSets();
    List<ConfigOption<?>> all = MillraceOptions.all();
    assertThat(expected.keySet()).containsExactlyInAnyOrderElementsOf(all);
    assertThat(all)
        .allSatisfy(
            option ->
                assertThat(options.get(option)).as(option.key()).isEqualTo(expected.get(option)));
    assertThat(optionsOf(builder.scanEpochsUnbounded()).get(MillraceOptions.SCAN_EPOCHS))
        .isEqualTo("unbounded");
  }

  private static Map<ConfigOption<?>, Object> whatThatSets() {
    return Map.ofEntries(
        Map.entry(MillraceOptions.PATH, "file:/data"),
        Map.entry(MillraceOptions.FORMAT, "mds"),
        Map.entry(MillraceOptions.SCAN_EPOCHS, "3"),
        Map.entry(MillraceOptions.SCAN_SHUFFLE, true),
        Map.entry(MillraceOptions.SCAN_SHUFFLE_SEED, 4L),
        Map.entry(MillraceOptions.SCAN_SHUFFLE_WINDOW, 5),
        Map.entry(MillraceOptions.SCAN_START_EPOCH, 2),
        Map.entry(MillraceOptions.SCAN_START_POSITION, 15L),
        Map.entry(MillraceOptions.SCAN_EPOCH_BARRIER, true),
        Map.entry(MillraceOptions.SCAN_ASSIGNMENT, "first-come"),
        Map.entry(MillraceOptions.SCAN_VERIFY_HASHES, false),
        Map.entry(MillraceOptions.SCAN_DISCOVERY_INTERVAL, Duration.ofSeconds(12)),
        Map.entry(MillraceOptions.SCAN_RESTORE_ON_CHANGE, "restart-epoch"),
        Map.entry(MillraceOptions.SCAN_ON_ERROR, "skip-shard"),
        Map.entry(MillraceOptions.SCAN_ON_ERROR_MAX_SKIPPED, "2 %"),
        Map.entry(MillraceOptions.CACHE_POLICY, "lru"),
        Map.entry(MillraceOptions.CACHE_MEMORY_SIZE, MemorySize.ofMebiBytes(6)),
        Map.entry(MillraceOptions.CACHE_TTL, Duration.ofHours(12)),
        Map.entry(MillraceOptions.CACHE_DISK_DIR, List.of("/disk1", "/disk2")),
        Map.entry(MillraceOptions.CACHE_DISK_SIZE, MemorySize.ofMebiBytes(12)),
        Map.entry(MillraceOptions.CACHE_DISK_MIN_FREE, "13 %"),
        Map.entry(MillraceOptions.CACHE_DISK_RETENTION, Duration.ofHours(14)),
        Map.entry(MillraceOptions.CACHE_LOCAL_FILES, "always"),
        Map.entry(MillraceOptions.CACHE_COMPRESSION, "none"),
        Map.entry(MillraceOptions.PREFETCH_BUDGET, "7 mb"),
        Map.entry(MillraceOptions.PREFETCH_MAX_REQUESTS, 8),
        Map.entry(MillraceOptions.STORAGE_REQUEST_TIMEOUT, Duration.ofSeconds(9)),
        Map.entry(MillraceOptions.STORAGE_RETRY_TIMEOUT, Duration.ofSeconds(10)),
        Map.entry(MillraceOptions.STORAGE_MAX_REQUESTS_PER_SECOND, 11),
        Map.entry(MillraceOptions.STORAGE_HEDGING, false));
  }

  @Test
  void setsNothingByItself() throws Exception {
    assertThat(optionsOf(MillraceSource.builder()).toMap()).isEmpty();
  }

  private static Configuration optionsOf(MillraceSourceBuilder builder) throws Exception {
    Field field = MillraceSourceBuilder.class.getDeclaredField("options");
    field.setAccessible(true);
    return (Configuration) field.get(builder);
  }
}
