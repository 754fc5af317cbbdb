// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.flink;

import java.util.LinkedHashMap;
import java.util.Map;

/** The configuration that all processes of a cluster have in common. */
final class ClusterConfiguration {

  static final String LOOPBACK = "127.0.0.1";

  private static final int FRAMEWORK_HEAP = 96;
  private static final int OFF_HEAP = 64;
  private static final int NETWORK = 32;
  private static final int METASPACE = 192;

  private ClusterConfiguration() {}

  /**
   * @param rpcPort of the JobManager, unless it is found by high availability
   * @param zooKeeper address of the server, empty without high availability
   */
  static Map<String, String> of(
      ClusterSettings settings, ClusterDirectory directory, int rpcPort, String zooKeeper) {
    Map<String, String> values = new LinkedHashMap<>();
    addresses(values, rpcPort);
    memory(values, settings);
    directories(values, directory);
    // Failures are noticed and reports are new within a second or so, not within a minute.
    values.put("heartbeat.interval", "500 ms");
    values.put("heartbeat.timeout", "4 s");
    values.put("cluster.registration.initial-timeout", "100 ms");
    values.put("cluster.registration.max-timeout", "500 ms");
    values.put("cluster.registration.error-delay", "200 ms");
    values.put("cluster.registration.refused-registration-delay", "500 ms");
    values.put("web.refresh-interval", "100 ms");
    values.put("metrics.fetcher.update-interval", "300 ms");
    // Flink shows no metrics as long as it waits for those of a process that was killed meanwhile.
    values.put("web.timeout", "30000");
    values.put("restart-strategy.type", "fixed-delay");
    values.put("restart-strategy.fixed-delay.attempts", "100");
    values.put("restart-strategy.fixed-delay.delay", "200 ms");
    if (!zooKeeper.isEmpty()) {
      values.put("high-availability.type", "zookeeper");
      values.put("high-availability.zookeeper.quorum", zooKeeper);
      values.put("high-availability.storageDir", directory.uri("ha"));
      values.put("high-availability.zookeeper.client.session-timeout", "4 s");
      values.put("high-availability.zookeeper.client.retry-wait", "500 ms");
    }
    values.putAll(settings.configuration());
    return values;
  }

  /** The size of a TaskManager's heap; Flink would set it by its scripts. */
  static int heapMebibytes(ClusterSettings settings) {
    return settings.taskManager().taskHeapMebibytes() + FRAMEWORK_HEAP;
  }

  static int directMebibytes() {
    return OFF_HEAP + OFF_HEAP + NETWORK;
  }

  static int metaspaceMebibytes() {
    return METASPACE;
  }

  private static void addresses(Map<String, String> values, int rpcPort) {
    values.put("jobmanager.rpc.address", LOOPBACK);
    values.put("jobmanager.bind-host", LOOPBACK);
    values.put("jobmanager.rpc.port", String.valueOf(rpcPort));
    values.put("rest.address", LOOPBACK);
    values.put("rest.bind-address", LOOPBACK);
    values.put("rest.bind-port", "0");
    values.put("taskmanager.host", LOOPBACK);
    values.put("taskmanager.bind-host", LOOPBACK);
  }

  private static void memory(Map<String, String> values, ClusterSettings settings) {
    values.put("taskmanager.numberOfTaskSlots", String.valueOf(settings.taskManager().slots()));
    values.put("taskmanager.cpu.cores", String.valueOf(settings.taskManager().slots()));
    values.put(
        "taskmanager.memory.task.heap.size", settings.taskManager().taskHeapMebibytes() + "m");
    values.put("taskmanager.memory.task.off-heap.size", OFF_HEAP + "m");
    values.put("taskmanager.memory.framework.heap.size", FRAMEWORK_HEAP + "m");
    values.put("taskmanager.memory.framework.off-heap.size", OFF_HEAP + "m");
    values.put("taskmanager.memory.network.min", NETWORK + "m");
    values.put("taskmanager.memory.network.max", NETWORK + "m");
    values.put("taskmanager.memory.managed.size", "16m");
    values.put("taskmanager.memory.jvm-metaspace.size", METASPACE + "m");
    values.put("taskmanager.memory.jvm-overhead.min", "64m");
    values.put("taskmanager.memory.jvm-overhead.max", "64m");
  }

  private static void directories(Map<String, String> values, ClusterDirectory directory) {
    values.put("io.tmp.dirs", directory.temporary().toString());
    values.put("process.working-dir", directory.temporary().toString());
    values.put("blob.storage.directory", directory.temporary().toString());
    values.put("web.tmpdir", directory.temporary().toString());
    values.put("web.upload.dir", directory.root().resolve("upload").toString());
    values.put("execution.checkpointing.dir", directory.uri("checkpoints"));
    values.put("execution.checkpointing.savepoint-dir", directory.uri("savepoints"));
  }
}
