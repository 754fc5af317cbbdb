// SPDX-License-Identifier: Apache-2.0
package io.millrace.leak;

import io.millrace.flink.source.MillraceAccumulators;
import io.millrace.flink.source.MillraceSource;
import io.millrace.flink.source.MillraceSourceBuilder;
import io.millrace.sample.Sample;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * The program of a user jar. Its class, as the connector's, is on the tests' class path, too, but
 * what runs is what a child-first class loader takes out of the jar.
 */
public final class UserJob {

  private UserJob() {}

  /** How a job is to end. */
  enum End {
    FINISHED,
    FAILED,
    CANCELED
  }

  /**
   * Runs the job.
   *
   * @param args root of the dataset, and an {@link End}
   */
  public static void main(String[] args) throws Exception {
    UserJobSignals.opened(UserJob.class.getClassLoader(), Sample.class);
    End end = End.valueOf(args[1]);
    MillraceSourceBuilder source =
        MillraceSource.builder()
            .path(args[0])
            .scanShuffle(true)
            .scanShuffleWindow(2)
            .cacheMemorySize(MemorySize.ofMebiBytes(8));
    Configuration configuration = new Configuration();
    configuration.setString("restart-strategy.type", "none");
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    env.setParallelism(4);
    env.enableCheckpointing(50);
    MillraceSource<Sample> samples =
        end == End.FINISHED ? source.scanEpochs(2).build() : source.scanEpochsUnbounded().build();
    MillraceAccumulators.addTo(
            env.fromSource(samples, WatermarkStrategy.noWatermarks(), "samples"), samples)
        .map(new Work(end))
        .returns(Types.LONG)
        .sinkTo(new DiscardingSink<>());
    env.execute("user job");
  }

  /** Tells of itself to {@link UserJobSignals}; fails if it is to. */
  private static final class Work extends RichMapFunction<Sample, Long> {

    private static final long serialVersionUID = 1L;

    private final End end;

    Work(End end) {
      this.end = end;
    }

    @Override
    public void open(OpenContext context) {
      UserJobSignals.opened(getRuntimeContext().getUserCodeClassLoader(), Sample.class);
    }

    @Override
    public Long map(Sample sample) {
      if (UserJobSignals.sawSample() == UserJobSignals.ENOUGH && end == End.FAILED) {
        throw new IllegalStateException("Failure injected by the test");
      }
      return sample.getLong("id");
    }
  }
}
