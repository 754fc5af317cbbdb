// SPDX-License-Identifier: Apache-2.0
package io.millrace.cluster;

import io.millrace.flink.source.MillraceSource;
import io.millrace.harness.ledger.Ledger;
import io.millrace.harness.ledger.LedgerLine;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A user's job that writes a ledger of what it reads, and goes on only when another one runs beside
 * it. Arguments: the dataset, the ledger's directory, epochs, its name.
 */
public final class PairedJob {

  private PairedJob() {}

  public static void main(String[] args) throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setRuntimeMode(RuntimeExecutionMode.BATCH);
    env.fromSource(
            MillraceSource.builder()
                .path(args[0])
                .scanEpochs(Integer.parseInt(args[2]))
                .scanShuffle(true)
                .storageHedging(false) // the origin would count both requests
                .cacheMemorySize(MemorySize.ofMebiBytes(32))
                .build(),
            WatermarkStrategy.noWatermarks(),
            "dataset")
        .map(new LedgerLine())
        .returns(Types.STRING)
        .map(new Meeting(args[3]))
        .returns(Types.STRING)
        .sinkTo(Ledger.at(args[1]).sink());
    env.execute(args[3]);
  }

  /** Passes lines on once both jobs have begun. */
  private static final class Meeting extends RichMapFunction<String, String> {

    private static final long serialVersionUID = 1L;

    private final String job;

    Meeting(String job) {
      this.job = job;
    }

    @Override
    public void open(OpenContext context) throws Exception {
      Rendezvous.arrive(job, getClass().getClassLoader(), MillraceSource.class.getClassLoader());
    }

    @Override
    public String map(String line) {
      return line;
    }
  }
}
