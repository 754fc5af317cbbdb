// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.flink;

import io.millrace.flink.source.MillraceSource;
import io.millrace.sample.Sample;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * The user's job of these tests: reads a dataset and counts its samples in an accumulator, exactly
 * once. Arguments: the dataset, epochs, microseconds to pause at each sample.
 */
public final class CountingJob {

  static final String SAMPLES = "samples";
  static final String SOURCE = "dataset";

  private CountingJob() {}

  public static void main(String[] args) throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.enableCheckpointing(200);
    env.fromSource(
            MillraceSource.builder()
                .path(args[0])
                .scanEpochs(Integer.parseInt(args[1]))
                .scanShuffle(true)
                .build(),
            WatermarkStrategy.noWatermarks(),
            SOURCE)
        .uid("source")
        .map(new Count(Long.parseLong(args[2])))
        .returns(Types.LONG)
        .uid("count")
        .sinkTo(new DiscardingSink<>());
    env.execute("counting");
  }

  /** The accumulator holds what was counted before the checkpoint that the job goes on from. */
  private static final class Count extends RichMapFunction<Sample, Long>
      implements CheckpointedFunction {

    private static final long serialVersionUID = 1L;

    private final long pauseMicros;
    private transient LongCounter counted;
    private transient ListState<Long> state;

    Count(long pauseMicros) {
      this.pauseMicros = pauseMicros;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
      counted = new LongCounter();
      state =
          context
              .getOperatorStateStore()
              .getListState(new ListStateDescriptor<>(SAMPLES, Types.LONG));
      for (long before : state.get()) {
        counted.add(before);
      }
    }

    @Override
    public void open(OpenContext context) {
      getRuntimeContext().addAccumulator(SAMPLES, counted);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
      state.clear();
      state.add(counted.getLocalValuePrimitive());
    }

    @Override
    public Long map(Sample sample) {
      counted.add(1);
      if (pauseMicros > 0) {
        LockSupport.parkNanos(pauseMicros * 1000); // paces the job; nothing waits for it
      }
      return counted.getLocalValuePrimitive();
    }
  }
}
