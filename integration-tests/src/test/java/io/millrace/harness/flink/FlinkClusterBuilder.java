// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.flink;

import io.millrace.harness.process.ProcessFailedException;
import io.millrace.harness.s3.S3Access;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the cluster is to be like; every option has a default that suits a small job. */
public final class FlinkClusterBuilder {

  private int taskManagers = 1;
  private int slots = 2;
  private int taskHeapMebibytes = 160;
  private boolean fullSpeed;
  private boolean highAvailability;
  private final Map<String, String> configuration = new LinkedHashMap<>();
  private final List<String> plugins = new ArrayList<>();
  private final List<Path> libraries = new ArrayList<>();
  private @Nullable Path evidence;

  FlinkClusterBuilder() {}

  public FlinkClusterBuilder taskManagers(int number) {
    taskManagers = number;
    return this;
  }

  /** Slots of each TaskManager. */
  public FlinkClusterBuilder slots(int number) {
    slots = number;
    return this;
  }

  /** The heap of each TaskManager, in MiB, beside what Flink itself takes. */
  public FlinkClusterBuilder taskHeap(int mebibytes) {
    taskHeapMebibytes = mebibytes;
    return this;
  }

  /**
   * Lets TaskManagers compile hot code to the end and collect garbage as HotSpot chooses. Without
   * this they start in half the time, and their loops are slower.
   */
  public FlinkClusterBuilder fullSpeed() {
    fullSpeed = true;
    return this;
  }

  /** An option of Flink's, which goes before the harness's own choice. */
  public FlinkClusterBuilder configuration(String key, String value) {
    configuration.put(key, value);
    return this;
  }

  /**
   * A JobManager that is started again goes on with the jobs: by Flink's own services on a
   * ZooKeeper server, one more process, and with its state in files.
   */
  public FlinkClusterBuilder highAvailability() {
    highAvailability = true;
    return this;
  }

  /** A plugin of the runtime, for example {@code s3-fs-hadoop}. */
  public FlinkClusterBuilder plugin(String name) {
    plugins.add(name);
    return this;
  }

  /** The S3 plugin, for a server of the harness; see {@link S3Access#flinkConfiguration}. */
  public FlinkClusterBuilder s3(S3Access access) {
    access.flinkConfiguration().toMap().forEach(this::configuration);
    return plugin("s3-fs-hadoop");
  }

  /** A jar on the class path of all processes, as in Flink's {@code lib/}. */
  public FlinkClusterBuilder library(Path jar) {
    libraries.add(jar);
    return this;
  }

  /** Where to {@linkplain FlinkCluster#keepEvidence keep evidence} if the start fails. */
  public FlinkClusterBuilder evidence(Path target) {
    evidence = target;
    return this;
  }

  /**
   * Starts the cluster, and blocks until the JobManager knows all TaskManagers.
   *
   * @throws ProcessFailedException if a process ends; nothing is left over
   * @throws IllegalStateException if it takes too long; nothing is left over
   */
  public FlinkCluster start() {
    ClusterSettings settings =
        new ClusterSettings(
            taskManagers,
            new ClusterSettings.TaskManagerSettings(slots, taskHeapMebibytes, fullSpeed),
            highAvailability,
            configuration,
            plugins,
            libraries);
    return FlinkCluster.start(settings, evidence);
  }
}
