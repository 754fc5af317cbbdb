// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import io.millrace.harness.flink.FlinkCluster;
import io.millrace.harness.flink.FlinkClusterTestEnvironment;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.connector.testframe.junit.annotations.TestEnv;
import org.junit.jupiter.api.Tag;

/** On processes, with the connector in the user's jar; TaskManagers are killed with -9. */
@Tag("cluster")
class ClusterSourceSuiteITCase extends SourceSuite {

  @TestEnv
  final FlinkClusterTestEnvironment flink =
      new FlinkClusterTestEnvironment(() -> FlinkCluster.builder().taskManagers(1).slots(6));

  @Override
  List<URL> connectorJars() {
    try {
      return List.of(Path.of(System.getProperty("millrace.sql.jar")).toUri().toURL());
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }
}
