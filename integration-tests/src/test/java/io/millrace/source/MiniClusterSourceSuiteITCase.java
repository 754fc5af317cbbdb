// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import java.net.URL;
import java.util.List;
import org.apache.flink.connector.testframe.environment.MiniClusterTestEnvironment;
import org.apache.flink.connector.testframe.junit.annotations.TestEnv;

/** On a cluster in this process. */
class MiniClusterSourceSuiteITCase extends SourceSuite {

  @TestEnv final MiniClusterTestEnvironment flink = new MiniClusterTestEnvironment();

  @Override
  List<URL> connectorJars() {
    return List.of();
  }
}
