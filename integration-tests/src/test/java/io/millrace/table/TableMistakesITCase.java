// SPDX-License-Identifier: Apache-2.0
package io.millrace.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.harness.fault.Fault;
import io.millrace.harness.fault.FaultRule;
import io.millrace.harness.fault.FaultyOrigin;
import io.millrace.harness.fault.FaultyOriginExtension;
import io.millrace.harness.fault.RequestPattern;
import io.millrace.harness.meter.OriginOperation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.table.api.TableEnvironment;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each mistake that a user can make in a table's definition gives one message, when a query is
 * planned, that says what to change. SQL clients show the last cause.
 */
@Tag("it")
class TableMistakesITCase {

  @RegisterExtension
  static final FaultyOriginExtension IMAGES =
      new FaultyOriginExtension(() -> FaultyOrigin.file("sql-mistakes", Tables.FASHION, 1));

  @TempDir static Path scratch;

  private static String messageOf(
      TableEnvironment environment, String columns, Map<String, String> options) {
    Tables.create(environment, columns, options);
    Throwable failure = catchThrowable(() -> environment.explainSql("SELECT * FROM t"));
    assertThat(failure).isNotNull();
    while (failure.getCause() != null) {
      failure = failure.getCause();
    }
    return String.valueOf(failure.getMessage());
  }

  /** Options as {@code key=value, key=value}; FASHION is where the images are. */
  private static Map<String, String> options(String text) {
    Map<String, String> options = new HashMap<>();
    for (String option : text.replace("FASHION", Tables.FASHION.toString()).split(", ", -1)) {
      options.put(option.split("=", 2)[0], option.split("=", 2)[1]);
    }
    return options;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          format=mds | Missing required options are:;path
          path=  | Option 'path' is missing: set it to the root directory of a dataset
          path=FASHION, foo=1 | Unsupported options:;foo;Supported options:;scan.epochs
          path=FASHION, scan.epoch=1 | Unsupported options:;scan.epoch;scan.epochs
          path=FASHION, align.a.paht=/x | Unsupported option 'align.a.paht';align.NAME.path
          path=FASHION, align.a.format=mds | Option 'align.a.path' is missing: set it to the root
          path=FASHION, rename.=y | Option 'rename.' names no field: its key is rename.FIELD
          path=FASHION, rename.lable=y | Cannot rename field "lable";its fields are id, image, label
          path=FASHION, format=parket | Cannot use format "parket": known formats are;mds;torch
          path=FASHION, format=torch | Cannot read the dataset at;torch
          path=FASHION, scan.epochs=0 | Cannot use scan.epochs = 0: it must be at least 1
          path=FASHION, scan.epochs=many | Cannot use scan.epochs = many: it must be a number of epochs or unbounded
          path=FASHION, scan.shuffle=maybe | Invalid value for option 'scan.shuffle'.;maybe;true or false
          path=FASHION, scan.shuffle.window=few | Invalid value for option 'scan.shuffle.window'.;few
          path=FASHION, scan.parallelism=0 | Cannot use scan.parallelism = 0: it must be at least 1
          path=FASHION, scan.watermark.idle-timeout=1 min | Unsupported option 'scan.watermark.idle-timeout': watermarks;set table.exec.source.idle-timeout
          path=FASHION, scan.watermark.emit.strategy=on-event | Unsupported option 'scan.watermark.emit.strategy'
          path=FASHION, scan.on-error=ignore | Cannot use scan.on-error = ignore: it must be fail, skip-sample or skip-shard
          path=FASHION, scan.on-error=skip-sample, scan.on-error.max-skipped=5 | Cannot use scan.on-error.max-skipped = 5: it must be a percentage from 0 % to 100 %, such as 1 %
          path=FASHION, scan.on-error=skip-shard, scan.on-error.max-skipped=101 % | Cannot use scan.on-error.max-skipped = 101 %: it must be a percentage from 0 % to 100 %
          path=FASHION, scan.on-error.max-skipped=5 % | Cannot use scan.on-error.max-skipped = 5 %: nothing is left out unless scan.on-error says so; set that to skip-sample or skip-shard
          path=FASHION, scan.restore.on-change=retry | Cannot use scan.restore.on-change = retry: it must be fail, accept-new-shards or restart-epoch
          path=FASHION, scan.restore.on-change=accept-new-shards, scan.discovery.interval=1 min | Cannot use scan.restore.on-change = accept-new-shards with scan.discovery.interval = PT1M;leave one of the two out
          path=FASHION, scan.restore.on-change=accept-new-shards, align.a.path=FASHION, align.a.prefix=a | Cannot use scan.restore.on-change = accept-new-shards: the dataset is aligned of 2 parts
          path=FASHION;file:/elsewhere, scan.restore.on-change=accept-new-shards | Cannot use scan.restore.on-change = accept-new-shards: the dataset has replicas
          path=FASHION, cache.policy=fifo | fifo;plan
          path=FASHION, cache.memory.size=1 kb | its largest unit takes;set cache.memory.size to at least
          path=FASHION, scan.epochs=unbounded | in batch mode: with scan.epochs = unbounded it has no end; set scan.epochs to a number, or set execution.runtime-mode to streaming
          path=FASHION, scan.discovery.interval=1 min | in batch mode: with scan.discovery.interval it has no end; leave that out, or set execution.runtime-mode to streaming
          path=FASHION, scan.discovery.interval=1 min, scan.epochs=2 | Cannot use scan.discovery.interval;with scan.epochs = 2
          path=FASHION, scan.start.epoch=-1 | Cannot use scan.start.epoch = -1: it must be at least 0
          path=FASHION, scan.start.position=-1 | Cannot use scan.start.position = -1: it must be at least 0
          path=FASHION, scan.start.epoch=1 | Cannot use scan.start.epoch = 1 with scan.epochs = 1: epochs are counted from 0;set scan.epochs to more than 1
          path=FASHION, scan.start.position=1, scan.discovery.interval=1 min | Cannot use scan.start.position = 1 with scan.discovery.interval = PT1M;leave one of the two out
          path=FASHION, scan.start.position=55834574848 | Cannot use scan.start.position = 55834574848: it is in the unit of rank 13, but an epoch has 13 units;set scan.start.epoch = 1
          path=FASHION, scan.assignment=x | Cannot use scan.assignment = x: it must be sticky or first-come
          path=FASHION, scan.epoch-barrier=maybe | Invalid value for option 'scan.epoch-barrier'.;maybe;true or false
          path=FASHION/nowhere | Cannot read the dataset at;nowhere;check the path
          path=s4://bucket/x | Cannot read the dataset at s4://bucket/x;s4
          """)
  void anOptionThatCannotBeUsed(String options, String expected) {
    assertThat(messageOf(Tables.batch(), "label BIGINT", options(options)))
        .contains(expected.split(";"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          label INT | column `label` is declared as INT, but the field is int64: declare it as BIGINT
          id BYTES | column `id` is declared as BYTES, but the field is string: declare it as STRING
          id VARCHAR(20) | column `id` is declared as VARCHAR(20), but the field is string: declare it as STRING
          image STRING | `image` is declared as STRING, but the field is tensor<uint8>[28,28]: declare it as ROW<`dtype` STRING, `shape` ARRAY<BIGINT>, `data` BYTES>, BYTES or an ARRAY of a number type
          lable BIGINT | column `lable` BIGINT is no field of it, its fields are `id` string, `image` tensor<uint8>[28,28], `label` int64
          Label BIGINT | column `Label` BIGINT is no field of it, but `label` is: declare it in the same case
          epoch INT | column `epoch` INT is no field of it: metadata has to be declared as such
          label INT, lable INT | `label` is declared as INT;`lable` INT is no field
          label BIGINT, x INT METADATA FROM 'epok' | Invalid metadata key 'epok';epoch;epoch_position;sample;shard;shuffle_key
          label BIGINT, epoch ARRAY<INT> METADATA | Invalid data type for metadata column 'epoch';ARRAY<INT>;INT
          """)
  void aColumnThatDoesNotFit(String columns, String expected) {
    String message = messageOf(Tables.batch(), columns, Map.of("path", Tables.FASHION.toString()));
    assertThat(message).contains(expected.split(";"));
    if (!expected.startsWith("Invalid")) {
      assertThat(message)
          .startsWith("Cannot read the dataset at file:" + Tables.FASHION + " as this table: ");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          t AS TO_TIMESTAMP_LTZ(label, 0), WATERMARK FOR t AS t | with a watermark: event time begins anew with each epoch; set scan.epochs to 1, or declare the table without the WATERMARK
          id STRING, PRIMARY KEY (id) NOT ENFORCED | with a primary key: each epoch has every row again; set scan.epochs to 1, or declare the table without the PRIMARY KEY
          """)
  void whatHoldsInOneEpochOnly(String more, String expected) {
    for (String epochs : List.of("2", "unbounded")) {
      Map<String, String> options =
          Map.of("path", Tables.FASHION.toString(), "scan.epochs", epochs);
      assertThat(messageOf(Tables.streaming(), "label BIGINT, " + more, options))
          .startsWith("Cannot read the dataset at file:" + Tables.FASHION + " in several epochs")
          .endsWith(expected);
    }
    TableEnvironment once = Tables.streaming();
    Tables.create(once, "label BIGINT, " + more, Map.of("path", Tables.FASHION.toString()));
    assertThat(once.explainSql("SELECT * FROM t")).contains("TableSourceScan");
    assertThat(
            catchThrowable(
                () -> once.explainSql("SELECT * FROM t /*+ OPTIONS('scan.epochs' = '3') */")))
        .hasStackTraceContaining(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          format=parket | Cannot make catalog c: Cannot use format "parket": known formats are mds, torch
          path=FASHION | Cannot open catalog c: a dataset lies in file:;set path to the directory above it
          path=FASHION/nowhere | Cannot open catalog c: there is no directory file:;nowhere; check path
          path=FASHION/.., scan.epoch=2 | Unsupported options;scan.epoch
          """)
  void aCatalogThatCannotBeUsed(String options, String expected) {
    Map<String, String> all = new HashMap<>(options(options));
    all.putIfAbsent("path", Tables.FASHION.getParent().toString());
    String with =
        all.entrySet().stream()
            .map(option -> ", '" + option.getKey() + "' = '" + option.getValue() + "'")
            .collect(Collectors.joining());
    Throwable failure =
        catchThrowable(
            () ->
                Tables.batch()
                    .executeSql("CREATE CATALOG c WITH ('type' = 'millrace'" + with + ")"));
    assertThat(failure).isNotNull();
    while (failure.getCause() != null) {
      failure = failure.getCause();
    }
    assertThat(failure.getMessage()).contains(expected.split(";"));
  }

  @Test
  void aDirectoryWithoutADataset() throws IOException {
    Path empty = Files.createDirectory(scratch.resolve("empty"));
    assertThat(messageOf(Tables.batch(), "x INT", Map.of("path", empty.toString())))
        .contains(
            "Cannot find a dataset in file:" + empty + ": it holds nothing; known formats are")
        .contains("check the path");
    Path parent = Tables.FASHION.getParent();
    assertThat(messageOf(Tables.batch(), "x INT", Map.of("path", parent.toString())))
        .contains("there are datasets below it: file:" + Tables.FASHION + " (mds)");
  }

  @Test
  void aDirectoryWithDatasetsOfTwoFormats() throws IOException {
    Path mixed = Files.createDirectory(scratch.resolve("mixed"));
    Files.writeString(mixed.resolve("index.json"), "{\"version\": 2, \"shards\": []}");
    Files.writeString(mixed.resolve("0.pt"), "");
    assertThat(messageOf(Tables.batch(), "x INT", Map.of("path", mixed.toString())))
        .contains("it may be mds or torch; name one of them as the format");
  }

  @Test
  void aDirectoryThatMayNotBeRead() {
    IMAGES
        .origin()
        .faults()
        .add(FaultRule.on(RequestPattern.operation(OriginOperation.LIST)).fault(Fault.status(403)));
    assertThat(messageOf(Tables.batch(), "label BIGINT", Map.of("path", IMAGES.origin().uri(""))))
        .contains("Cannot read the dataset at " + IMAGES.origin().uri(""))
        .contains("check the permissions");
  }
}
