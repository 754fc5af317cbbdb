// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import io.millrace.harness.ledger.Ledger;
import io.millrace.harness.ledger.LedgerLine;
import io.millrace.sample.Sample;
import io.millrace.storage.Await;
import java.nio.file.Path;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The job of most tests here: source, a function that a test chooses, ledger. */
final class SourceJob {

  private final Configuration configuration = new Configuration();
  private final int parallelism;
  private RuntimeExecutionMode mode = RuntimeExecutionMode.STREAMING;
  private MapFunction<Sample, String> line = new LedgerLine();

  SourceJob(int parallelism) {
    this.parallelism = parallelism;
  }

  /**
   * Restarts a few times, soon, as it does not without this. Not at once: where a checkpoint is
   * still being taken of an enumerator when the readers' gateways are made anew, Flink ends the JVM
   * ("Some subtask gateway can be closed while others cannot", exit code 239).
   */
  SourceJob restarts(int attempts) {
    configuration.setString("restart-strategy.type", "fixed-delay");
    configuration.setString("restart-strategy.fixed-delay.attempts", String.valueOf(attempts));
    configuration.setString("restart-strategy.fixed-delay.delay", "100 ms");
    return this;
  }

  /** Begins with the state of a savepoint. */
  SourceJob from(String savepoint) {
    configuration.setString("execution.state-recovery.path", savepoint);
    return this;
  }

  /** Makes lines that tell a sample by something else than the hash of its fields. */
  SourceJob lines(MapFunction<Sample, String> lineOf) {
    line = lineOf;
    return this;
  }

  SourceJob batch() {
    mode = RuntimeExecutionMode.BATCH;
    return this;
  }

  /** The job, with checkpoints every 50 ms unless it is a batch job; not started. */
  StreamExecutionEnvironment writing(
      Ledger ledger, Source<Sample, ?, ?> source, MapFunction<String, String> function) {
    if (!configuration.containsKey("restart-strategy.type")) {
      configuration.setString("restart-strategy.type", "none");
    }
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    env.setParallelism(parallelism);
    env.setRuntimeMode(mode);
    if (mode == RuntimeExecutionMode.STREAMING) {
      env.enableCheckpointing(50);
    }
    env.fromSource(source, WatermarkStrategy.noWatermarks(), "numbers")
        .uid("numbers")
        .map(line)
        .returns(Types.STRING)
        .uid("line")
        .map(function)
        .returns(Types.STRING)
        .uid("function")
        .sinkTo(ledger.sink())
        .uid("ledger");
    return env;
  }

  /**
   * Runs a job that {@link Paced} slows down, until it has seen so many lines, and stops it.
   *
   * @return the path of the savepoint
   */
  static String stopAfter(int lines, String test, StreamExecutionEnvironment job, Path savepoints)
      throws Exception {
    JobClient running = job.executeAsync(test);
    Paced.Counts counts = Paced.counts(test);
    Await.until("the job is under way", () -> counts.lines() >= lines && counts.checkpoints() > 0);
    String savepoint =
        running.stopWithSavepoint(false, uri(savepoints), SavepointFormatType.CANONICAL).get();
    running.getJobExecutionResult().get();
    return savepoint;
  }

  /** A directory for savepoints, as Flink takes it. */
  static String uri(Path directory) {
    return directory.toUri().toString();
  }
}
