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
    int slots,
    int taskHeapMebibytes,
    boolean highAvailability,
    Map<String, String> configuration,
    List<String> plugins,
    List<Path> libraries) {

  ClusterSettings {
    configuration = Map.copyOf(configuration);
    plugins = List.copyOf(plugins);
    libraries = List.copyOf(libraries);
  }
}
