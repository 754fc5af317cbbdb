// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.leak;

import java.util.List;

/**
 * What legitimately comes up once and stays: pools that a JVM or a running Flink cluster makes when
 * it first needs them, however many jobs come after. Nothing that belongs to a job is here.
 */
final class LongLived {

  static final List<Allowed> THREADS =
      List.of(
          Allowed.named(
              "Reference Handler|Finalizer|Signal Dispatcher|Notification Thread|Common-Cleaner"
                  + "|Service Thread|Monitor Deflation Thread|Attach Listener|DestroyJavaVM"
                  + "|process reaper.*|C[12] CompilerThread\\d+|Sweeper thread|GC Thread.*|G1 .*"
                  + "|VM (Thread|Periodic Task Thread)|Cleaner-\\d+|JNA Cleaner",
              "of the JVM"),
          Allowed.named("ForkJoinPool\\.commonPool-worker-\\d+", "the JVM's common pool"),
          Allowed.running(
              "RMI .*|JMX .*|ClientThread-\\d+", "sun\\.rmi|javax\\.management", "the JVM's RMI"),
          Allowed.named("junit-.*|surefire-.*|ping-\\d+s|pool-\\d+-thread-1 junit", "of the tests"),
          Allowed.named(
              "(flink|jobmanager|pekko|mini-cluster).*-(pekko|akka|rpc|actor|scheduler|io).*"
                  + "|flink-(pekko|akka|metrics).*|pekko\\..*",
              "actors of Flink's processes"),
          Allowed.named(
              "(mini-)?cluster-io-thread-\\d+|jobmanager-(io|future)-thread-\\d+"
                  + "|taskexecutor-io-thread-\\d+|cluster-io-thread-\\d+",
              "I/O pools of Flink's processes, of fixed size"),
          Allowed.named(
              "Flink Netty (Server|Client).*|flink-rest-.*|Flink-(DispatcherRest|RestCluster).*",
              "Flink's network"),
          Allowed.named("FlinkCompletableFutureDelayScheduler-thread-\\d+", "Flink's timer"));

  static final List<Allowed> DESCRIPTORS =
      List.of(
          Allowed.named("/dev/u?random", "the JVM's randomness"),
          Allowed.named(".*/hsperfdata_[^/]+/\\d+", "the JVM's counters"),
          Allowed.named("/proc/\\d+/.*|/sys/fs/cgroup/.*", "read while it is looked"));

  static final List<Allowed> FILES =
      List.of(
          Allowed.named(
              ".*/hsperfdata_[^/]+(/.*)?|.*/\\.java_pid\\d+|.*/\\.attach_pid\\d+|.*/\\.com_ibm.*",
              "of JVMs"),
          Allowed.named(".*/flink-rpc-akka[0-9a-f-]+\\.jar", "Flink's actors, one a JVM"));

  private LongLived() {}
}
