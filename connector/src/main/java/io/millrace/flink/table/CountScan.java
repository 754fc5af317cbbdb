// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import java.util.Arrays;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;

/**
 * One row with the number of samples, which the dataset's index tells: nothing is read.
 *
 * @param count the number of samples
 * @param columns how often the row has it
 * @param type of the row
 */
record CountScan(long count, int columns, TypeInformation<RowData> type)
    implements DataStreamScanProvider {

  @Override
  public DataStream<RowData> produceDataStream(
      ProviderContext context, StreamExecutionEnvironment environment) {
    Object[] values = new Object[columns];
    Arrays.fill(values, count);
    DataStreamSource<RowData> source =
        environment.fromData(List.of((RowData) GenericRowData.of(values)), type).setParallelism(1);
    context.generateUid("count").ifPresent(source::uid);
    return source;
  }

  @Override
  public boolean isBounded() {
    return true;
  }
}
