// SPDX-License-Identifier: Apache-2.0
package io.millrace.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.harness.fault.Fault;
import io.millrace.harness.fault.FaultRule;
import io.millrace.harness.fault.FaultyOrigin;
import io.millrace.harness.fault.FaultyOriginExtension;
import io.millrace.harness.fault.RequestPattern;
import io.millrace.harness.meter.OriginOperation;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.catalog.exceptions.CatalogException;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The catalog in SQL. */
@Tag("it")
@Tag("smoke")
class CatalogITCase {

  private static final Path MDS = Path.of("../connector/src/test/resources/mds").toAbsolutePath();

  @RegisterExtension
  static final FaultyOriginExtension SETS =
      new FaultyOriginExtension(() -> FaultyOrigin.file("sql-catalog", MDS, 1));

  private final TableEnvironment sql = Tables.batch();

  private void create(String more) {
    sql.executeSql(
        "CREATE CATALOG sets WITH ('type' = 'millrace', 'path' = '%s' %s)"
            .formatted(SETS.origin().uri(""), more));
    sql.executeSql("USE CATALOG sets");
  }

  @Test
  void showsDescribesAndReadsWhatLiesThere() throws Exception {
    create(", 'scan.epochs' = '2'");

    assertThat(Tables.rows(sql, "SHOW DATABASES"))
        .contains(Row.of("default_database"), Row.of("mds-split"), Row.of("broken"))
        .doesNotContain(Row.of("mds-colnames"));
    assertThat(Tables.rows(sql, "SHOW TABLES"))
        .contains(Row.of("csv-none"), Row.of("fashion-mnist-2k"))
        .doesNotContain(Row.of("mds-split"));
    sql.executeSql("USE `mds-split`");
    assertThat(Tables.rows(sql, "SHOW TABLES")).containsExactly(Row.of("train"), Row.of("val"));

    List<String> columns =
        Tables.rows(sql, "DESCRIBE default_database.`fashion-mnist-2k`").stream()
            .map(Row::toString)
            .toList();
    assertThat(columns).hasSize(8);
    assertThat(columns.get(1)).contains("image", "`shape` ARRAY<BIGINT>", "tensor<uint8>[28,28]");
    assertThat(columns.get(4)).contains("shard", "STRING", "METADATA VIRTUAL");
    assertThat(Tables.rows(sql, "SHOW CREATE TABLE default_database.`fashion-mnist-2k`").toString())
        .contains("mds dataset of 2,000 samples in 13 shards", "'scan.epochs' = '2'");

    assertThat(
            Tables.rows(
                sql,
                "SELECT epoch, label, COUNT(*) FROM default_database.`fashion-mnist-2k`"
                    + " /*+ OPTIONS('scan.epochs' = '3') */ WHERE label < 2 GROUP BY epoch, label"))
        .hasSize(6)
        .allMatch(row -> row.getField(2).equals(200L));
  }

  @Test
  void changesAreRefused() {
    create("");
    for (String statement :
        List.of(
            "CREATE TABLE t (x INT) WITH ('connector' = 'blackhole')",
            "CREATE DATABASE d",
            "DROP TABLE `csv-none`",
            "ALTER TABLE `csv-none` SET ('scan.epochs' = '2')")) {
      assertThatThrownBy(() -> sql.executeSql(statement))
          .as(statement)
          .hasStackTraceContaining(
              ": catalog sets is read-only; its tables are the datasets below");
    }
    sql.executeSql("CREATE TEMPORARY TABLE t (x INT) WITH ('connector' = 'blackhole')");
    assertThat(sql.listTemporaryTables()).containsExactly("t");
  }

  @Test
  void whatMayNotBeListedIsLeftOut() throws Exception {
    create("");
    SETS.origin()
        .faults()
        .add(
            FaultRule.on(RequestPattern.operation(OriginOperation.LIST).at(".*/mds-split/?"))
                .fault(Fault.status(403)));
    assertThat(Tables.rows(sql, "SHOW DATABASES"))
        .contains(Row.of("default_database"), Row.of("broken"))
        .doesNotContain(Row.of("mds-split"));
    assertThat(Tables.rows(sql, "SHOW TABLES")).contains(Row.of("csv-none"));
  }

  @Test
  void whatTheStoreFailsWithIsNamed() {
    create("");
    SETS.origin()
        .faults()
        .add(FaultRule.on(RequestPattern.operation(OriginOperation.LIST)).fault(Fault.status(403)));
    assertThatThrownBy(() -> sql.executeSql("SHOW TABLES"))
        .isInstanceOf(CatalogException.class)
        .hasNoCause()
        .hasMessageStartingWith("Cannot look into " + SETS.origin().uri("") + " for catalog sets: ")
        .hasMessageContaining("403 AccessDenied");
  }
}
