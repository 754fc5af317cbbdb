// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.harness.fault.Fault;
import io.millrace.harness.fault.FaultRule;
import io.millrace.harness.fault.FaultyOrigin;
import io.millrace.harness.fault.FaultyOriginExtension;
import io.millrace.harness.fault.RequestPattern;
import io.millrace.harness.ledger.Expected;
import io.millrace.harness.ledger.Ledger;
import io.millrace.harness.meter.OriginOperation;
import java.nio.file.Path;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Local files that fail now and then, and a count of what was asked for. */
@Tag("it")
class ReadFromAFlakyOriginITCase {

  private static final Path DATASET =
      Path.of("../examples/src/main/data/fashion-mnist-2k").toAbsolutePath().normalize();

  @RegisterExtension static final MiniClusterExtension FLINK = new MiniClusterExtension();

  // docs/harness.md: faults
  @RegisterExtension
  static final FaultyOriginExtension IMAGES =
      new FaultyOriginExtension(() -> FaultyOrigin.file("images", DATASET, 1));

  @Test
  void triesAgainAndReadsTheSecondEpochFromTheCache(@TempDir Path directory) throws Exception {
    FaultyOrigin origin = IMAGES.origin();
    RequestPattern reads = RequestPattern.operation(OriginOperation.GET).at("\\.mds");
    FaultRule once = FaultRule.on(reads).limit(1).fault(Fault.status(503));
    origin.faults().add(once);
    Ledger ledger = Ledger.at(directory);

    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(1);
    CountImages.build(env, origin.uri(""), ledger.uri());
    env.execute();

    Expected.reading(DATASET, 2).compare(ledger.entries()).check();
    int shards =
        origin.meter().snapshot().where(key -> key.object().contains(".mds")).objects().size();
    assertThat(origin.faults().hits(once)).as("once a shard").isEqualTo(shards);
  }
  // end
}
