// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.flink;

import io.millrace.harness.process.JavaProcess;
import io.millrace.harness.process.Runtimes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How the processes of a cluster are started; does not wait for anything. */
final class ClusterProcesses {

  /** What Flink's scripts pass. */
  private static final List<String> OPENED =
      List.of(
          "java.io",
          "java.lang",
          "java.lang.reflect",
          "java.net",
          "java.nio",
          "java.text",
          "java.time",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "java.util.concurrent.locks");

  /** For half the processor time of a start, at the price of slower loops later. */
  private static final String[] QUICK_START = {"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"};

  private final ClusterSettings settings;
  private final ClusterDirectory directory;
  private final List<Path> classpath;

  ClusterProcesses(ClusterSettings settings, ClusterDirectory directory) {
    this.settings = settings;
    this.directory = directory;
    this.classpath = new ArrayList<>(Runtimes.jars(Runtimes.directory("flink").resolve("lib")));
    classpath.addAll(settings.libraries());
  }

  JavaProcess jobManager(String id, Path conf) {
    return builder(id, conf)
        .jvmArgs(QUICK_START)
        .jvmArgs("-Xmx512m")
        .mainClass("org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint")
        .args("--configDir", conf.toString(), "--executionMode", "cluster")
        .start();
  }

  JavaProcess taskManager(String id, Path conf) {
    int heap = ClusterConfiguration.heapMebibytes(settings);
    return builder(id, conf)
        .jvmArgs(settings.taskManager().fullSpeed() ? new String[0] : QUICK_START)
        .jvmArgs(
            "-Xms" + heap + "m",
            "-Xmx" + heap + "m",
            "-XX:MaxDirectMemorySize=" + ClusterConfiguration.directMebibytes() + "m",
            "-XX:MaxMetaspaceSize=" + ClusterConfiguration.metaspaceMebibytes() + "m")
        .mainClass("org.apache.flink.runtime.taskexecutor.TaskManagerRunner")
        .args("--configDir", conf.toString(), "-D", "taskmanager.resource-id=" + id)
        .start();
  }

  JavaProcess sqlClient(String id, Path conf, List<String> args) {
    return builder(id, conf)
        .classpath(Runtimes.jars(Runtimes.directory("flink").resolve("client")))
        .jvmArgs(QUICK_START)
        .jvmArgs("-Xmx512m")
        .mainClass("org.apache.flink.table.client.SqlClient")
        .args(args.toArray(String[]::new))
        .start();
  }

  /**
   * @param properties the server's, which is a file
   */
  JavaProcess zooKeeper(String id, Path properties) {
    return builder(id, directory.conf())
        .jvmArgs(QUICK_START)
        .jvmArgs("-Xmx64m", "-Dzookeeper.admin.enableServer=false")
        .mainClass(
            "org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.ZooKeeperServerMain")
        .args(properties.toString())
        .start();
  }

  private JavaProcess.Builder builder(String id, Path conf) {
    JavaProcess.Builder builder =
        JavaProcess.builder(id)
            .classpath(classpath)
            .jvmArgs(
                "-Djava.io.tmpdir=" + directory.temporary(),
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:ErrorFile=" + directory.logs().resolve("hs_err_" + id + ".log"),
                "-Dlog4j.configurationFile=" + ClusterDirectory.logging(conf))
            .env("FLINK_CONF_DIR", conf.toString())
            .env("FLINK_PLUGINS_DIR", directory.plugins().toString())
            .env("AWS_JAVA_V1_DISABLE_DEPRECATION_ANNOUNCEMENT", "true")
            .directory(directory.temporary())
            .log(directory.logs().resolve(id + ".log"))
            .deleteWhenOrphaned(directory.root());
    OPENED.forEach(name -> builder.jvmArgs("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
    return builder;
  }

  /** A port that was free a moment ago, for a program that cannot say which one it took. */
  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot find a free port", e);
    }
  }
}
