// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.scan.MillraceOptions;
import io.millrace.flink.scan.ScanSettings;
import io.millrace.flink.source.FoundDataset;
import io.millrace.flink.source.MillraceSource;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.flink.source.split.SplitRequestEvent;
import io.millrace.format.mds.MdsSets;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.testutils.source.reader.TestingSplitEnumeratorContext;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.runtime.connector.source.ScanRuntimeProviderContext;
import org.apache.flink.table.types.DataType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class MillraceTableSourceTest {

  private static MillraceTableSource source() {
    return source(MillraceOptions.SCAN_EPOCHS.key(), "1");
  }

  private static MillraceTableSource source(String option, String value) {
    String path = MdsSets.path("fashion-mnist-2k").toString();
    FoundDataset dataset =
        FoundDataset.find(
            ScanSettings.from(
                Configuration.fromMap(Map.of(MillraceOptions.PATH.key(), path, option, value))));
    DataType row = DataTypes.ROW(DataTypes.FIELD("label", DataTypes.BIGINT()));
    return new MillraceTableSource(
        new MillraceTableSource.TableScan(
            dataset, null, 0, null, TableColumns.of(row, dataset, List.of()), row, Map.of()));
  }

  /** Nobody knows how many samples are left out before they are read. */
  @Test
  void limitsNoScanOfWhichSamplesMayBeLeftOut() {
    MillraceTableSource source = source("scan.on-error", "skip-sample");
    source.applyLimit(30);
    assertThat(source.reportStatistics().getRowCount()).isEqualTo(2000);
  }

  @Test
  void aLimitAndAnOffsetOfWhichFlinkMakesANegativeNumberLimitNothing() {
    MillraceTableSource source = source();
    source.applyLimit(-2147483639); // 2147483647 and 10, which it adds as ints
    assertThat(source.reportStatistics().getRowCount()).isEqualTo(2000);
    source.applyLimit(30);
    assertThat(source.reportStatistics().getRowCount()).isEqualTo(30);
  }

  /** Whoever comes first is answered though another reader has not said where its cache is. */
  @Test
  void assignsAsTheTableSays() throws Exception {
    assertThat(answersTheFirst(source())).isFalse();
    assertThat(answersTheFirst(source("scan.assignment", "first-come"))).isTrue();
  }

  private static boolean answersTheFirst(MillraceTableSource table) throws Exception {
    var provider = (RowSource) table.getScanRuntimeProvider(ScanRuntimeProviderContext.INSTANCE);
    var source = (MillraceSource<?>) provider.createSource();
    TestingSplitEnumeratorContext<MillraceSplit> context = new TestingSplitEnumeratorContext<>(2);
    try (var enumerator = source.createEnumerator(context)) {
      enumerator.start();
      context.triggerAllActions();
      context.registerReader(0, "host");
      enumerator.addReader(0);
      enumerator.handleSourceEvent(
          0, new SplitRequestEvent("cache", 1, 0, 1, SplitRequestEvent.HOLDS_NONE));
      return !context.getSplitAssignments().isEmpty();
    }
  }
}
