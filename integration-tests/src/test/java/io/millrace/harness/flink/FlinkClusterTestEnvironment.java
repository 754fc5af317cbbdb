// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.flink;

import java.net.URI;
import java.net.URL;
import java.util.function.Supplier;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.testframe.environment.ClusterControllable;
import org.apache.flink.connector.testframe.environment.TestEnvironment;
import org.apache.flink.connector.testframe.environment.TestEnvironmentSettings;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.RemoteStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * A {@link FlinkCluster} for Flink's own suites for connectors ({@code SourceTestSuiteBase}, {@code
 * SinkTestSuiteBase}), in a field with {@code @TestEnv}: these start and end it. What fails over is
 * killed with {@code kill -9}.
 */
public final class FlinkClusterTestEnvironment implements TestEnvironment, ClusterControllable {

  private final Supplier<FlinkClusterBuilder> builder;
  private @Nullable FlinkCluster cluster;

  /**
   * @param builder of the cluster, asked when it is to start; with {@link
   *     FlinkClusterBuilder#highAvailability} where the JobManager is to fail over
   */
  public FlinkClusterTestEnvironment(Supplier<FlinkClusterBuilder> builder) {
    this.builder = builder;
  }

  /**
   * The cluster that runs.
   *
   * @throws IllegalStateException if none does
   */
  public FlinkCluster cluster() {
    if (cluster == null) {
      throw new IllegalStateException("The cluster runs during the suite only");
    }
    return cluster;
  }

  @Override
  public void startUp() {
    if (cluster == null) {
      cluster = builder.get().start();
    }
  }

  @Override
  public void tearDown() {
    FlinkCluster ended = cluster;
    cluster = null;
    if (ended != null) {
      ended.close();
    }
  }

  /** An environment whose jobs have the connector's jars in a class loader of their own. */
  @Override
  public StreamExecutionEnvironment createExecutionEnvironment(TestEnvironmentSettings settings) {
    Configuration configuration = new Configuration();
    String savepoint = settings.getSavepointRestorePath();
    if (savepoint != null) {
      configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    }
    String[] jars =
        settings.getConnectorJarPaths().stream().map(URL::getPath).toArray(String[]::new);
    URI rest = cluster().restAddress();
    return new RemoteStreamEnvironment(
        rest.getHost(), rest.getPort(), configuration, jars, new URL[0]);
  }

  @Override
  public Endpoint getRestEndpoint() {
    URI rest = cluster().restAddress();
    return new Endpoint(rest.getHost(), rest.getPort());
  }

  /** A directory on this machine, which all processes see. */
  @Override
  public String getCheckpointUri() {
    return cluster().directory().resolve("suite").toUri().toString();
  }

  @Override
  public void triggerJobManagerFailover(JobClient job, Runnable afterFailAction) {
    cluster().killJobManager();
    afterFailAction.run();
    cluster().startJobManager();
  }

  @Override
  public void triggerTaskManagerFailover(JobClient job, Runnable afterFailAction) {
    cluster().taskManagers().forEach(TaskManager::kill);
    afterFailAction.run();
    cluster().taskManagers().forEach(TaskManager::restart);
  }

  /** Not supported: there is no network between processes on loopback. */
  @Override
  public void isolateNetwork(JobClient job, Runnable afterFailAction) {
    throw new UnsupportedOperationException(
        "Cannot isolate the network of a cluster on one machine: put a FaultProxy before the store");
  }

  @Override
  public String toString() {
    return "FlinkCluster";
  }
}
