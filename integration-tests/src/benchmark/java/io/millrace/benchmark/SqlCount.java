// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import io.millrace.harness.fault.FaultyOrigin;
import io.millrace.harness.meter.OriginOperation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/**
 * {@code COUNT(*)} of a dataset in batch mode, with every byte counted at its origin.
 *
 * @param rows the answer
 * @param sampleBytes bytes that were read of shards
 * @param otherBytes bytes that were read of other objects, which is the index
 * @param nanos time of the statement, with the start of a Flink of its own
 */
record SqlCount(long rows, long sampleBytes, long otherBytes, long nanos) {

  /**
   * Counts.
   *
   * @throws IllegalStateException if the answer is wrong, or not from the index alone
   */
  static SqlCount of(SqlDataset dataset) throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.file("sql-count", dataset.directory(), 1)) {
      TableEnvironment tables = TableEnvironment.create(EnvironmentSettings.inBatchMode());
      tables.executeSql(dataset.createTable(origin.uri(""), Map.of()));
      long begin = System.nanoTime();
      List<Row> answer = new ArrayList<>();
      try (CloseableIterator<Row> rows =
          tables.executeSql("SELECT COUNT(*) FROM samples").collect()) {
        rows.forEachRemaining(answer::add);
      }
      long nanos = System.nanoTime() - begin;
      long rows = answer.get(0).<Long>getFieldAs(0);
      SqlCount count =
          new SqlCount(rows, bytes(origin, true), bytes(origin, false), nanos);
      if (rows != dataset.samples() || count.sampleBytes > 0) {
        throw new IllegalStateException(
            "COUNT(*) of " + dataset.samples() + " samples is answered wrongly: " + count);
      }
      return count;
    }
  }

  private static long bytes(FaultyOrigin origin, boolean ofShards) throws IOException {
    return origin
        .meter()
        .snapshot()
        .of(OriginOperation.GET)
        .where(key -> key.object().endsWith(".mds") == ofShards)
        .total()
        .bytesRead();
  }
}
