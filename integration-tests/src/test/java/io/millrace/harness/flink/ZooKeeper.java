// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.flink;

import io.millrace.harness.process.JavaProcess;
import io.millrace.harness.process.ProcessFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The ZooKeeper server of a cluster with high availability, from the jar that Flink has its client
 * in. Flink has no high availability on files alone.
 */
final class ZooKeeper {

  private static final int ATTEMPTS = 5;
  private static final Pattern PORT_TAKEN = Pattern.compile("Address already in use");
  private static final Pattern READY = Pattern.compile("PrepRequestProcessor .* started");

  private ZooKeeper() {}

  /**
   * Blocks until it serves.
   *
   * @param owner gets every process that is started, to end it
   * @return the server's address
   */
  static String start(
      ClusterProcesses processes,
      ClusterDirectory directory,
      Consumer<JavaProcess> owner,
      Duration limit) {
    for (int attempt = 1; ; attempt++) {
      int port = ClusterProcesses.freePort();
      Path conf = directory.conf().resolve("zookeeper.properties");
      try {
        Files.writeString(
            conf,
            String.join(
                "\n",
                "dataDir=" + directory.root().resolve("zookeeper"),
                "clientPortAddress=" + ClusterConfiguration.LOOPBACK,
                "clientPort=" + port,
                // A session is bounded by 2 to 20 ticks.
                "tickTime=500",
                ""));
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot write " + conf, e);
      }
      JavaProcess process = processes.zooKeeper("zookeeper-" + attempt, conf);
      owner.accept(process);
      try {
        process.awaitLine(READY, limit);
        return ClusterConfiguration.LOOPBACK + ":" + port;
      } catch (ProcessFailedException e) {
        process.kill();
        if (attempt == ATTEMPTS || process.findLine(PORT_TAKEN).isEmpty()) {
          throw e;
        }
      }
    }
  }
}
