// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import io.millrace.flink.source.reader.LocalScans;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;

/**
 * A query over the table of a dataset, as a job that Flink's planner makes, in streaming mode.
 *
 * @param workload what it reads
 * @param columns the columns that it selects
 * @param cached whether a cache keeps the whole dataset, or none keeps anything
 * @param cluster where it runs
 */
record SqlVariant(SqlDataset workload, Columns columns, boolean cached, BenchmarkCluster cluster)
    implements Variant {

  private static final int MEMORY_PER_BYTE = 2;
  private static final long SPARE_BYTES = 64 << 20;

  /** What a query selects. */
  enum Columns {
    LABEL("label"),
    ALL("data, label");

    private final String list;

    Columns(String list) {
      this.list = list;
    }

    private RecordTouch<Row> touch() {
      return this == LABEL ? new LabelTouch() : new DataTouch();
    }

    private String label() {
      return this == LABEL ? "sql-label" : "sql-all";
    }

    private long bytes(SqlDataset dataset) {
      return this == LABEL ? dataset.sumOfLabels() : dataset.payloadBytes();
    }
  }

  @Override
  public String name() {
    return columns.label() + (cached ? "-cached" : "");
  }

  private Map<String, String> options(int epochs) {
    String passes = String.valueOf(epochs);
    return cached
        ? Map.of(
            "scan.epochs",
            passes,
            "cache.memory.size",
            MEMORY_PER_BYTE * workload.payloadBytes() + SPARE_BYTES + " b")
        : Map.of("scan.epochs", passes, "cache.policy", "none");
  }

  @Override
  public Measurement measure(int epochs) throws Exception {
    Stopwatch stopwatch = new Stopwatch();
    StreamExecutionEnvironment environment = new StreamExecutionEnvironment();
    environment.setParallelism(1);
    StreamTableEnvironment tables = StreamTableEnvironment.create(environment);
    tables.executeSql(
        workload.createTable(workload.directory().toUri().toString(), options(epochs)));
    tables
        .toDataStream(tables.sqlQuery("SELECT " + columns.list + " FROM samples"))
        .flatMap(new ArrivalClock<>(columns.touch(), workload.samples()))
        .returns(Types.VOID)
        .sinkTo(new DiscardingSink<>());
    Arrivals arrivals = Arrivals.of(cluster.run(environment));
    long wallNanos = stopwatch.wallNanos();
    long cpuNanos = stopwatch.cpuNanos();
    arrivals.check(id(), (long) epochs * workload.samples(), epochs * columns.bytes(workload));
    return new Measurement(
        arrivals.epochNanos(),
        cached ? 1 : 0,
        arrivals.firstRecordNanos(),
        wallNanos,
        cpuNanos,
        cached ? hitRateOfTheLastEpoch() : null);
  }

  /** Of the newest scan, which is this job's: jobs run one after the other. */
  private static double hitRateOfTheLastEpoch() {
    List<UUID> scans = LocalScans.scanIds();
    var epochs = LocalScans.epochs(scans.get(scans.size() - 1));
    return epochs.get(epochs.lastKey()).hitRate();
  }

  /** Adds labels up where others add bytes, so that none is missing or wrong unseen. */
  private static final class LabelTouch implements RecordTouch<Row> {

    private static final long serialVersionUID = 1L;

    @Override
    public int size(Row row) {
      return row.<Integer>getFieldAs(0);
    }

    @Override
    public byte lastByte(Row row) {
      return row.<Integer>getFieldAs(0).byteValue();
    }
  }

  private static final class DataTouch implements RecordTouch<Row> {

    private static final long serialVersionUID = 1L;

    @Override
    public int size(Row row) {
      return row.<byte[]>getFieldAs(0).length;
    }

    @Override
    public byte lastByte(Row row) {
      byte[] data = row.getFieldAs(0);
      return data[data.length - 1];
    }
  }
}
