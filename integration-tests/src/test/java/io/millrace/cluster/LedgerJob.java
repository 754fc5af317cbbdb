// SPDX-License-Identifier: Apache-2.0
package io.millrace.cluster;

import io.millrace.flink.source.MillraceSource;
import io.millrace.harness.ledger.Ledger;
import io.millrace.harness.ledger.LedgerLine;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The user's job of these tests: writes a ledger of what it reads. Arguments: the dataset, the
 * ledger's directory, epochs, seed of the shuffle, microseconds to pause at each sample.
 */
public final class LedgerJob {

  /** Part of the name of the tasks. */
  static final String SOURCE = "dataset";

  private LedgerJob() {}

  public static void main(String[] args) throws Exception {
    long pauseMicros = Long.parseLong(args[4]);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.enableCheckpointing(200);
    env.fromSource(
            MillraceSource.builder()
                .path(args[0])
                .scanEpochs(Integer.parseInt(args[2]))
                .scanShuffle(true)
                .scanShuffleSeed(Long.parseLong(args[3]))
                .build(),
            WatermarkStrategy.noWatermarks(),
            SOURCE)
        .uid("source")
        .map(new LedgerLine())
        .returns(Types.STRING)
        .uid("line")
        .map(pacing(pauseMicros))
        .returns(Types.STRING)
        .uid("pace")
        .sinkTo(Ledger.at(args[1]).sink())
        .uid("ledger");
    env.execute("ledger");
  }

  private static MapFunction<String, String> pacing(long micros) {
    return line -> {
      LockSupport.parkNanos(micros * 1000); // so that there is a mid-job; nothing waits for it
      return line;
    };
  }
}
