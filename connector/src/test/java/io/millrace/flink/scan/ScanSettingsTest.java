// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cache.CacheSettings;
import io.millrace.cache.compression.CompressionMode;
import io.millrace.cache.disk.DiskSettings;
import io.millrace.cache.disk.LocalFiles;
import io.millrace.plan.EpochPosition;
import io.millrace.sample.Schema;
import io.millrace.storage.StorageSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class ScanSettingsTest {

  private static ScanSettings settings(String... keysAndValues) {
    Configuration configuration = new Configuration();
    configuration.setString("path", "file:/data");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      configuration.setString(keysAndValues[i], keysAndValues[i + 1]);
    }
    return ScanSettings.from(configuration);
  }

  @Test
  void resolvesDefaults() {
    ScanSettings settings = settings();

    assertThat(settings)
        .isEqualTo(
            new ScanSettings(
                DatasetSpec.of("file:/data", "auto"),
                new EpochSettings(1, false, 0),
                1,
                true,
                new ScanSettings.Memory(
                    "plan",
                    ScanSettings.Memory.AUTO,
                    CompressionMode.AUTO,
                    CacheSettings.NO_TTL,
                    ScanSettings.Memory.AUTO,
                    64),
                new ScanSettings.Storage(Duration.ofSeconds(30), Duration.ofMinutes(10), 0),
                DiskSpec.OFF));
    assertThat(settings.memory().resolvedCacheBytes())
        .isEqualTo((long) (Runtime.getRuntime().maxMemory() * 0.2));
    assertThat(settings.storage().toStorageSettings()).isEqualTo(StorageSettings.DEFAULTS);
  }

  @Test
  void resolvesTheDiscoveryInterval() {
    EpochSettings epochs = settings("scan.discovery.interval", "90 s").epochs();

    assertThat(epochs).isEqualTo(new EpochSettings(1, false, 0, Duration.ofSeconds(90)));
    assertThat(epochs.discoveryInterval()).hasValue(Duration.ofSeconds(90));
    assertThat(epochs.isBounded()).isFalse();
    assertThat(epochs.isLast(0)).isTrue();
    assertThat(settings("scan.epochs", "1", "scan.discovery.interval", "90 s").epochs())
        .isEqualTo(epochs);
    assertThat(settings().epochs().discoveryInterval()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0 s, 'it must be more than zero and at most a year'",
    "400 d, 'it must be more than zero and at most a year'",
    "10 micros, 'it must be at least a millisecond'",
  })
  void refusesADiscoveryIntervalThatIsNone(String interval, String reason) {
    assertThatThrownBy(() -> settings("scan.discovery.interval", interval))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot use scan.discovery.interval = PT")
        .hasMessageEndingWith(": " + reason);
  }

  @ParameterizedTest
  @CsvSource({"2, 2", "unbounded, unbounded"})
  void refusesEpochsBesideDiscovery(String epochs, String shown) {
    assertThatThrownBy(() -> settings("scan.discovery.interval", "1 s", "scan.epochs", epochs))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot use scan.discovery.interval = PT1S with scan.epochs = "
                + shown
                + ": a dataset to which shards are added is read once; leave scan.epochs out");
  }

  @Test
  void resolvesTheStartAndTheBarrier() {
    EpochSettings epochs =
        settings(
                "scan.epochs",
                "5",
                "scan.start.epoch",
                "2",
                "scan.start.position",
                String.valueOf(EpochPosition.of(3, 4)),
                "scan.epoch-barrier",
                "true")
            .epochs();

    assertThat(epochs)
        .isEqualTo(
            new EpochSettings(5, false, 0)
                .from(new ScanStart(2, EpochPosition.of(3, 4)))
                .withBarrier(true));
    assertThat(settings().epochs()).isEqualTo(new EpochSettings(1, false, 0));
    assertThat(settings("scan.discovery.interval", "1 s", "scan.start.epoch", "0").epochs().start())
        .isEqualTo(ScanStart.BEGINNING);
  }

  @Test
  void resolvesTheAssignment() {
    assertThat(settings().assignment()).isEqualTo(Assignment.STICKY);
    ScanSettings first = settings("scan.assignment", "first-come");
    assertThat(first.assignment()).isEqualTo(Assignment.FIRST_COME);
    assertThat(first.selecting(ScanSelection.ALL.limitedTo(1)).assignment())
        .isEqualTo(Assignment.FIRST_COME);
    assertThat(first.ofPartitions(List.of("a")).assignment()).isEqualTo(Assignment.FIRST_COME);
    for (Assignment choice : Assignment.values()) {
      assertThat(settings("scan.assignment", choice.option()).assignment()).isEqualTo(choice);
    }
    assertThatThrownBy(() -> settings("scan.assignment", "Sticky"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot use scan.assignment = Sticky: it must be sticky or first-come");
  }

  @ParameterizedTest
  @CsvSource({"scan.start.epoch", "scan.start.position"})
  void refusesANegativeStart(String option) {
    assertThatThrownBy(() -> settings(option, "-1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot use " + option + " = -1: it must be at least 0");
  }

  @Test
  void limitsTheAgeOfWhatIsOnDiskToo() {
    ScanSettings settings = settings("cache.ttl", "1 h", "cache.disk.dir", "/disk1");
    assertThat(settings.memory().cacheTtl()).isEqualTo(Duration.ofHours(1));
    assertThat(settings.disk().directories()).containsExactly("/disk1");
  }

  @Test
  void refusesDiscoveryOfReplicasAndAlignedDatasets() {
    Configuration configuration = new Configuration();
    configuration.setString("scan.discovery.interval", "1 s");
    DatasetPart a = DatasetPart.of("file:/a", "mds");
    DatasetPart b = DatasetPart.of("file:/b", "mds");

    assertThatThrownBy(() -> ScanSettings.from(configuration, new DatasetSpec(List.of(a, b))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot use scan.discovery.interval = PT1S: the dataset is aligned of 2 parts, which"
                + " cannot be told to have grown by the same samples");
    assertThatThrownBy(() -> settings("path", "file:/a;file:/b", "scan.discovery.interval", "1 s"))
        .hasMessage(
            "Cannot use scan.discovery.interval = PT1S: the dataset has replicas, which do not grow"
                + " at the same time");
  }

  @Test
  void resolvesWhatAChangedDatasetDoes() throws Exception {
    assertThat(settings().onChange()).isEqualTo(OnChange.FAIL);
    for (OnChange choice : OnChange.values()) {
      ScanSettings settings = settings("scan.restore.on-change", choice.option());
      assertThat(settings.onChange()).isEqualTo(choice);
      assertThat(settings.selecting(ScanSelection.ALL)).isEqualTo(settings);
      assertThat(settings.ofPartitions(List.of("k=1")).onChange()).isEqualTo(choice);
      assertThat(InstantiationUtil.clone(settings)).isEqualTo(settings);
    }
    assertThat(
            settings("scan.restore.on-change", "fail", "scan.discovery.interval", "1 s").onChange())
        .isEqualTo(OnChange.FAIL);
    assertThat(settings("scan.restore.on-change", "restart-epoch", "path", "file:/a;file:/b"))
        .isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          accept | scan.epochs | 2 | = accept: it must be fail, accept-new-shards or restart-epoch
          restart-epoch | scan.discovery.interval | 1 s | = restart-epoch with scan.discovery.interval = PT1S: shards that are added are taken anyway there; leave one of the two out
          accept-new-shards | scan.discovery.interval | 1 s | = accept-new-shards with scan.discovery.interval = PT1S: shards that are added are taken anyway there; leave one of the two out
          accept-new-shards | path | file:/a;file:/b | = accept-new-shards: the dataset has replicas, which do not grow at the same time
          """)
  void refusesWhatCannotBeDoneAboutAChange(
      String choice, String option, String value, String message) {
    assertThatThrownBy(() -> settings("scan.restore.on-change", choice, option, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot use scan.restore.on-change " + message);
  }

  @Test
  void refusesToAcceptShardsOfAlignedDatasets() {
    Configuration configuration = new Configuration();
    configuration.setString("scan.restore.on-change", "accept-new-shards");
    DatasetPart a = DatasetPart.of("file:/a", "mds");
    DatasetPart b = DatasetPart.of("file:/b", "mds");
    assertThatThrownBy(() -> ScanSettings.from(configuration, new DatasetSpec(List.of(a, b))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot use scan.restore.on-change = accept-new-shards: the dataset is aligned of 2"
                + " parts, which cannot be told to have grown by the same samples");
  }

  @Test
  void resolvesEveryOption() throws Exception {
    ScanSettings settings =
        settings(
            "format", "mds",
            "scan.epochs", "unbounded",
            "scan.shuffle", "true",
            "scan.shuffle.seed", "-7",
            "scan.shuffle.window", "5",
            "scan.verify-hashes", "false",
            "cache.policy", "lru",
            "cache.memory.size", "10 mb",
            "cache.compression", "zstd",
            "cache.ttl", "2 h",
            "prefetch.budget", "3 mb",
            "prefetch.max-requests", "9",
            "storage.request-timeout", "4 s",
            "storage.retry.timeout", "6 min",
            "storage.max-requests-per-second", "11",
            "storage.hedging", "false");

    assertThat(settings)
        .isEqualTo(
            new ScanSettings(
                DatasetSpec.of("file:/data", "mds"),
                new EpochSettings(EpochSettings.UNBOUNDED, true, -7),
                5,
                false,
                new ScanSettings.Memory(
                    "lru", 10 << 20, CompressionMode.ZSTD, Duration.ofHours(2), 3 << 20, 9),
                new ScanSettings.Storage(Duration.ofSeconds(4), Duration.ofMinutes(6), 11, false),
                DiskSpec.OFF));
    assertThat(settings.memory().toCacheSettings())
        .isEqualTo(new CacheSettings(10 << 20, "lru", CompressionMode.ZSTD, Duration.ofHours(2)));
    assertThat(settings.storage().toStorageSettings())
        .isEqualTo(
            new StorageSettings(Duration.ofSeconds(4), Duration.ofMinutes(6), 256, 11, false));
    assertThat(InstantiationUtil.clone(settings)).isEqualTo(settings);
  }

  @Test
  void resolvesTheTierOnDisk() throws Exception {
    ScanSettings settings =
        settings(
            "cache.disk.dir", "/disk1/cache;file:///disk2/cache",
            "cache.disk.size", "3 gb",
            "cache.disk.min-free", "2.5 %",
            "cache.disk.retention", "1 h",
            "cache.local-files", "never");

    assertThat(settings.disk().toDiskSettings("plan"))
        .isEqualTo(
            new DiskSettings(
                List.of(Path.of("/disk1/cache"), Path.of("/disk2/cache")),
                3L << 30,
                0.025,
                Duration.ofHours(1),
                LocalFiles.NEVER));
    assertThat(settings.disk().toDiskSettings("none").isOn()).as("keeps nothing").isFalse();
    assertThat(settings().disk()).isEqualTo(DiskSpec.OFF);
    assertThat(settings.selecting(ScanSelection.ALL)).as("the rest stays").isEqualTo(settings);
    assertThat(settings().disk().toDiskSettings("plan").isOn()).isFalse();
    assertThat(InstantiationUtil.clone(settings)).isEqualTo(settings);
    assertThatThrownBy(() -> settings("cache.disk.dir", "/a;/b", "cache.disk.size", "1 mb"))
        .hasMessage(
            "Cannot use cache.disk.size = 1048576: it must be at least 1048576 for each directory"
                + " of cache.disk.dir");
  }

  @Test
  void resolvesWhatBadInputDoes() throws Exception {
    ScanSettings settings =
        settings("scan.on-error", "skip-sample", "scan.on-error.max-skipped", "0.5 %");

    assertThat(settings.errors()).isEqualTo(new ErrorSettings(OnError.SKIP_SAMPLE, 0.5));
    assertThat(settings.errors().mostSkipped(1_999)).isEqualTo(9);
    assertThat(settings.errors().maxSkipped()).isEqualTo("0.5 %");
    assertThat(settings.selecting(ScanSelection.ALL)).as("the rest stays").isEqualTo(settings);
    assertThat(InstantiationUtil.clone(settings)).isEqualTo(settings);
    assertThat(settings().errors()).isEqualTo(ErrorSettings.FAIL);
    assertThat(settings("scan.on-error", "skip-shard").errors())
        .isEqualTo(new ErrorSettings(OnError.SKIP_SHARD, 1));
    assertThat(new ErrorSettings(OnError.SKIP_SHARD, 29).mostSkipped(100)).isEqualTo(29);
    assertThat(
            settings("scan.on-error", "skip-shard", "scan.on-error.max-skipped", "100%")
                .errors()
                .mostSkipped(7))
        .isEqualTo(7);
    assertThat(
            settings("scan.on-error", "fail", "scan.on-error.max-skipped", "3 %").errors().skips())
        .as("said in so many words")
        .isFalse();
  }

  @Test
  void refusesWhatBadInputCannotDo() {
    assertThatThrownBy(() -> settings("scan.on-error", "ignore"))
        .hasMessage(
            "Cannot use scan.on-error = ignore: it must be fail, skip-sample or skip-shard");
    for (String value : List.of("101 %", "-1 %", "5", "many", "")) {
      assertThatThrownBy(
              () -> settings("scan.on-error", "skip-shard", "scan.on-error.max-skipped", value))
          .hasMessage(
              "Cannot use scan.on-error.max-skipped = "
                  + value
                  + ": it must be a percentage from 0 % to 100 %, such as 1 %");
    }
    assertThatThrownBy(() -> settings("scan.on-error.max-skipped", "2 %"))
        .hasMessage(
            "Cannot use scan.on-error.max-skipped = 2 %: nothing is left out unless scan.on-error"
                + " says so; set that to skip-sample or skip-shard");
  }

  @Test
  void mixesNothingUnlessItShuffles() {
    assertThat(settings("scan.shuffle.window", "5").window()).isEqualTo(1);
    assertThat(settings("scan.shuffle", "true").window()).isEqualTo(16);
  }

  @Test
  void switchesPrefetchingOff() {
    assertThat(settings("prefetch.budget", "0").memory().prefetchBytes()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "scan.epochs | 0 | Cannot use scan.epochs = 0: it must be at least 1",
        "scan.epochs | -3 | Cannot use scan.epochs = -3: it must be at least 1",
        "scan.epochs | many | Cannot use scan.epochs = many: it must be a number of epochs or"
            + " unbounded",
        "scan.epochs | 2147483647 | Cannot use scan.epochs = 2147483647: it must be less;"
            + " unbounded goes on without an end",
        "scan.epochs | 2147483648 | Cannot use scan.epochs = 2147483648: it must be a number of"
            + " epochs or unbounded",
        "scan.shuffle.window | 0 | Cannot use scan.shuffle.window = 0: it must be at least 1",
        "cache.policy | fifo | Cannot use cache policy \"fifo\": set cache.policy to one of plan,"
            + " lru, none",
        "cache.compression | gzip | Cannot use cache compression \"gzip\": set cache.compression to"
            + " one of auto, zstd, none",
        "cache.memory.size | 0 b | Cannot use cache.memory.size = 0: it must be at least 1",
        "cache.ttl | 0 s | Cannot use cache.ttl = PT0S: it must be more than zero and at most a"
            + " year",
        "prefetch.budget | much | Cannot use prefetch.budget = much: it must be auto or a size"
            + " such as 256 mb",
        "prefetch.budget | -1 | Cannot use prefetch.budget = -1: it must be auto or a size such"
            + " as 256 mb",
        "prefetch.max-requests | 0 | Cannot use prefetch.max-requests = 0: it must be at least 1",
        "storage.request-timeout | 0 s | Cannot use storage.request-timeout = PT0S: it must be"
            + " more than zero and at most a year",
        "storage.request-timeout | 366 d | Cannot use storage.request-timeout = PT8784H: it must"
            + " be more than zero and at most a year",
        "storage.retry.timeout | 0 ms | Cannot use storage.retry.timeout = PT0S: it must be more"
            + " than zero and at most a year",
        "storage.max-requests-per-second | 0 | Cannot use storage.max-requests-per-second = 0:"
            + " it must be at least 1",
        "cache.disk.min-free | 100 % | Cannot use cache.disk.min-free = 100 %: it must be a"
            + " percentage below 100 such as 10 %",
        "cache.disk.min-free | 1 gb | Cannot use cache.disk.min-free = 1 gb: it must be a"
            + " percentage below 100 such as 10 %",
        "cache.disk.retention | 4000 d | Cannot use cache.disk.retention = PT96000H: it must be at"
            + " least 0 and at most ten years",
        "cache.local-files | some | Cannot use cache.local-files = some: it must be one of auto,"
            + " always, never",
        "cache.disk.dir | hdfs://nn/cache | Cannot use cache.disk.dir = hdfs://nn/cache: it must be"
            + " directories of the TaskManager's own file system, separated by ;",
        "path | ' ' | Cannot read a dataset: option path is missing",
      })
  void refusesWhatCannotBeUsed(String key, String value, String message) {
    assertThatThrownBy(() -> settings(key, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void needsAPath() {
    assertThatThrownBy(() -> ScanSettings.from(new Configuration()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot read a dataset: option path is missing");
    assertThatThrownBy(() -> ScanSettings.from(Configuration.fromMap(Map.of("path", ""))))
        .hasMessage("Cannot read a dataset: option path is missing");
  }

  @Test
  void checksThatTheLargestUnitFitsIntoHalfOfTheMemory() {
    DatasetSummary dataset = new DatasetSummary("mds", Schema.of(), 1, 1, 1, 600, 600, List.of());

    assertThatCode(() -> settings("cache.memory.size", "1200 b").checkHolds(dataset))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> settings("cache.memory.size", "1199 b").checkHolds(dataset))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot read the dataset at file:/data: its largest unit takes 600 bytes of memory, but"
                + " half of cache.memory.size is 599; set cache.memory.size to at least 1200"
                + " bytes");
  }

  @Test
  void checksThatTheLargestUnitFitsIntoThePrefetchBudget() {
    DatasetSummary dataset = new DatasetSummary("mds", Schema.of(), 1, 1, 1, 600, 600, List.of());

    for (String budget : List.of("600 b", "0", "auto")) {
      assertThatCode(() -> settings("prefetch.budget", budget).checkHolds(dataset))
          .doesNotThrowAnyException();
    }
    assertThatThrownBy(() -> settings("prefetch.budget", "599 b").checkHolds(dataset))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot read the dataset at file:/data ahead: its largest unit takes 600 bytes of"
                + " memory, but prefetch.budget is 599; set prefetch.budget to at least 600 bytes,"
                + " to auto, or to 0 for no prefetch");
  }

  @Test
  void knowsItsLastEpoch() {
    assertThat(new EpochSettings(3, false, 0).isLast(1)).isFalse();
    assertThat(new EpochSettings(3, false, 0).isLast(2)).isTrue();
    EpochSettings unbounded = new EpochSettings(EpochSettings.UNBOUNDED, false, 0);
    assertThat(unbounded.isBounded()).isFalse();
    assertThat(unbounded.isLast(EpochSettings.UNBOUNDED - 1)).isFalse();
    assertThatThrownBy(() -> new EpochSettings(0, false, 0))
        .hasMessage("Cannot read 0 epochs: scan.epochs must be at least 1, or unbounded");
  }
}
