// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.flink;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a cluster is to be like.
 *
 * @param configuration what the test sets, over the harness's own
 * @param plugins names of Flink's plugins, which are directories of the runtime
 * @param libraries jars for the class path of all processes
 */
record ClusterSettings(
    int taskManagers,
    TaskManagerSettings taskManager,
    boolean highAvailability,
    Map<String, String> configuration,
    List<String> plugins,
    List<Path> libraries) {

  /**
   * What every TaskManager is to be like.
   *
   * @param fullSpeed whether it runs as fast as HotSpot can, and starts later
   */
  record TaskManagerSettings(int slots, int taskHeapMebibytes, boolean fullSpeed) {}

  ClusterSettings {
    configuration = Map.copyOf(configuration);
    plugins = List.copyOf(plugins);
    libraries = List.copyOf(libraries);
  }
}
