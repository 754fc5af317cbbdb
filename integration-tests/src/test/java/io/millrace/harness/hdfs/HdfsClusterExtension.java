// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.hdfs;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An {@link HdfsCluster} for the tests of a class, started before the first and closed after the
 * last.
 *
 * <pre>{@code
 * @RegisterExtension static final HdfsClusterExtension HDFS = new HdfsClusterExtension();
 * }</pre>
 */
public final class HdfsClusterExtension implements BeforeAllCallback, AfterAllCallback {

  private @Nullable HdfsCluster cluster;

  /**
   * The cluster.
   *
   * @throws IllegalStateException before the class's tests and after them
   */
  public HdfsCluster cluster() {
    if (cluster == null) {
      throw new IllegalStateException(
          "Cannot use the HDFS cluster: register the extension in a static field, and use it in"
              + " the tests of its class");
    }
    return cluster;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    cluster = HdfsCluster.start();
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    HdfsCluster running = cluster;
    cluster = null;
    if (running != null) {
      running.close();
    }
  }
}
