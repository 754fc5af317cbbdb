// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.example;

import io.millrace.flink.source.MillraceSource;
import io.millrace.harness.ledger.Ledger;
import io.millrace.harness.ledger.LedgerLine;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A user's job: reads a dataset twice and writes a ledger. Arguments: dataset, ledger. */
public final class CountImages {

  private CountImages() {}

  public static void main(String[] args) throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.enableCheckpointing(200);
    build(env, args[0], args[1]);
    env.execute();
  }

  static void build(StreamExecutionEnvironment env, String dataset, String ledger) {
    env.fromSource(
            MillraceSource.builder().path(dataset).scanEpochs(2).scanShuffle(true).build(),
            WatermarkStrategy.noWatermarks(),
            "images")
        .map(new LedgerLine())
        .returns(Types.STRING)
        .sinkTo(Ledger.at(ledger).sink());
  }
}
