// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.example;

import io.millrace.harness.leak.LeakCheck;
import io.millrace.harness.leak.LeakCheckExtension;
import io.millrace.harness.ledger.Ledger;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A job after which threads, descriptors and temporary files are what they were. */
@Tag("it")
class LeavesNothingITCase {

  private static final Path DATASET =
      Path.of("../examples/src/main/data/fashion-mnist-2k").toAbsolutePath().normalize();

  // docs/harness.md: leaks
  @RegisterExtension
  @Order(1)
  static final MiniClusterExtension FLINK = new MiniClusterExtension();

  @RegisterExtension
  @Order(2)
  final LeakCheckExtension leaks =
      new LeakCheckExtension(
          () ->
              LeakCheck.ofThisJvm()
                  .allowThreads(
                      Pattern.compile("pool-\\d+-thread-1|RpcService-.*"), "the cluster's")
                  .temporaryFiles(Pattern.compile("(millrace|libzstd).*")));

  /** Flink starts threads of its own with its first job. */
  @BeforeAll
  static void runOnce(@TempDir Path directory) throws Exception {
    run(directory);
  }

  @Test
  void leavesNothing(@TempDir Path directory) throws Exception {
    run(directory);
  }

  // end

  private static void run(Path directory) throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    CountImages.build(env, DATASET.toUri().toString(), Ledger.at(directory).uri());
    env.execute();
  }
}
