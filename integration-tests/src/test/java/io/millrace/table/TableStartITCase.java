// SPDX-License-Identifier: Apache-2.0
package io.millrace.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.harness.fault.FaultyOrigin;
import io.millrace.harness.fault.FaultyOriginExtension;
import io.millrace.harness.meter.OriginOperation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.table.api.ExplainDetail;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tables that begin in mid-run, beside what the planner pushes into them. */
@Tag("it")
class TableStartITCase {

  @RegisterExtension
  static final MiniClusterExtension FLINK =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .build());

  @RegisterExtension
  static final FaultyOriginExtension IMAGES =
      new FaultyOriginExtension(() -> FaultyOrigin.file("sql-start", Tables.FASHION, 1));

  /** The unit of rank 10 of 13, from its sample 20 on. */
  private static final long POSITION = 10L * (1L << 32) + 20;

  private static final String COLUMNS =
      "SELECT id, epoch, shard, `sample`, epoch_position, shuffle_key FROM t";

  private static final String COUNT = "SELECT COUNT(*) FROM t";

  private final TableEnvironment batch = Tables.batch();

  private void create(Map<String, String> more) {
    Map<String, String> options = new HashMap<>();
    options.put("path", IMAGES.origin().uri(""));
    options.put("scan.epochs", "4");
    options.put("scan.shuffle", "true");
    options.putAll(more);
    batch.executeSql("DROP TABLE IF EXISTS t");
    Tables.create(batch, Tables.FASHION_COLUMNS, options);
  }

  private static Map<String, String> start(int epoch, long position) {
    return Map.of("scan.start.epoch", String.valueOf(epoch), "scan.start.position", "" + position);
  }

  private static Set<String> shardsRead() {
    return IMAGES.origin().meter().snapshot().of(OriginOperation.GET).objects().stream()
        .filter(object -> object.contains(".mds"))
        .map(object -> object.substring(object.lastIndexOf('/') + 1))
        .collect(Collectors.toSet());
  }

  @Test
  void readsAndCountsWhatATableOfEverythingHasFromThere() throws Exception {
    create(Map.of("scan.epochs", "2"));
    List<Row> expected =
        Tables.rows(batch, COLUMNS + " WHERE epoch = 1").stream()
            .filter(row -> row.<Long>getFieldAs(4) >= POSITION)
            .toList();
    assertThat(expected).hasSizeBetween(1, 3 * 161);
    Map<String, String> options = new HashMap<>(start(1, POSITION));
    options.put("scan.epochs", "2");
    create(options);
    IMAGES.origin().reset();
    assertThat(Tables.rows(batch, COLUMNS)).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(shardsRead()).hasSize(3);
    assertThat(Tables.rows(batch, COUNT)).containsExactly(Row.of((long) expected.size()));

    String shard = expected.get(0).getFieldAs(2);
    IMAGES.origin().reset();
    String some = " WHERE epoch < 3 AND shard = '" + shard + "'";
    assertThat(Tables.rows(batch, COLUMNS + some))
        .containsExactlyInAnyOrderElementsOf(
            expected.stream().filter(row -> row.getField(2).equals(shard)).toList());
    assertThat(shardsRead()).containsExactly(shard);

    options.put("path", Tables.FASHION + ".nowhere;" + Tables.FASHION);
    options.put("align.again.path", Tables.FASHION.toString());
    options.put("align.again.prefix", "again");
    create(options);
    assertThat(Tables.rows(batch, COLUMNS))
        .as("with replicas, joined")
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  /** As the page says how to choose a position. */
  @Test
  void theLowestPositionThatIsMissingIsFoundByAQuery() throws Exception {
    create(Map.of("scan.epochs", "2"));
    batch.executeSql(
        "CREATE TEMPORARY VIEW done AS SELECT epoch, epoch_position FROM t WHERE epoch = 1 AND"
            + " (epoch_position < 8589934593 OR epoch_position > 12884901900)");
    assertThat(
            Tables.rows(
                batch,
                "SELECT MIN(epoch_position) FROM t WHERE epoch = 1 AND epoch_position NOT IN"
                    + " (SELECT epoch_position FROM done WHERE epoch = 1)"))
        .containsExactly(Row.of(8589934593L));
  }

  @Test
  void theIndexTellsTheCountUnlessThePositionIsWithinAnEpoch() throws Exception {
    create(start(1, 0));
    assertThat(Tables.rows(batch, COUNT + " WHERE epoch IN (0, 2, 3)"))
        .containsExactly(Row.of(4000L));
    assertThat(shardsRead()).isEmpty();

    create(start(2, POSITION));
    assertThat(Tables.scans(batch, COUNT)).singleElement().asString().doesNotContain("aggregates");
    assertThat(Tables.scans(batch, COUNT + " WHERE epoch = 3"))
        .singleElement()
        .asString()
        .contains("aggregates=[");
    // 2,000 samples less 10 of 13 units, which have 153.8 on average, and 2,000.
    assertThat(batch.explainSql("SELECT id FROM t", ExplainDetail.ESTIMATED_COST))
        .contains("rowcount = 2462.0");
  }

  @Test
  void aTableOfTheLastEpochHasOneAndMayHaveAKey() {
    Map<String, String> options = new HashMap<>(start(3, 0));
    options.put("path", Tables.FASHION.toString());
    options.put("scan.epochs", "4");
    Tables.create(batch, "id STRING, PRIMARY KEY (id) NOT ENFORCED", options);
    assertThat(batch.explainSql("SELECT * FROM t")).contains("TableSourceScan");
  }
}
