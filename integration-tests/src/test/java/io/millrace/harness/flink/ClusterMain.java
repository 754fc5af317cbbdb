// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.flink;

import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;

/** Starts a cluster in a JVM that a test kills. */
final class ClusterMain {

  static final Pattern STARTED = Pattern.compile("^started (\\S+) (\\S+)$");

  private ClusterMain() {}

  public static void main(String[] args) throws InterruptedException {
    try (FlinkCluster cluster = FlinkCluster.builder().start()) {
      System.out.println(
          "started "
              + cluster.directory()
              + " "
              + cluster.jobManagerPid()
              + ","
              + cluster.taskManagers().get(0).pid());
      new CountDownLatch(1).await();
    }
  }
}
