// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.flink;

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a {@link FlinkCluster}: registered by a static field, one for all tests of the class;
 * by an instance's field, one for each test. Tests get it from {@link #cluster} or as a parameter.
 *
 * <p>After each test the jobs that are left are cancelled, and processes that are dead are started
 * again. If a test failed, logs and thread dumps are kept before that; where, stands in the test's
 * failure as a suppressed exception.
 */
public final class FlinkClusterExtension
    implements BeforeAllCallback,
        BeforeEachCallback,
        AfterEachCallback,
        AfterAllCallback,
        ParameterResolver {

  /** The directory for the logs of failed tests; {@code target/cluster-failures} without it. */
  public static final String FAILURES_PROPERTY = "millrace.harness.failures";

  private final Supplier<FlinkClusterBuilder> builder;

  /** The class for which the cluster was started, not one nested in it; null for each test. */
  private @Nullable String sharedBy;

  private @Nullable FlinkCluster cluster;

  /**
   * An extension for clusters like the builder's.
   *
   * @param builder asked when the cluster is to start, so that it may need what other extensions
   *     started before
   */
  public FlinkClusterExtension(Supplier<FlinkClusterBuilder> builder) {
    this.builder = builder;
  }

  /**
   * The cluster that runs.
   *
   * @throws IllegalStateException before the tests, and after them
   */
  public FlinkCluster cluster() {
    if (cluster == null) {
      throw new IllegalStateException("The cluster runs during tests only");
    }
    return cluster;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    if (sharedBy != null) {
      return;
    }
    sharedBy = context.getUniqueId();
    cluster = builder.get().evidence(directory(context)).start();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    if (sharedBy == null) {
      cluster = builder.get().evidence(directory(context)).start();
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (cluster == null) {
      return; // did not start
    }
    context.getExecutionException().ifPresent(failure -> keepEvidence(context, failure));
    if (sharedBy != null) {
      cluster.reset();
    } else {
      close();
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (!context.getUniqueId().equals(sharedBy)) {
      return;
    }
    sharedBy = null;
    if (cluster != null) {
      context.getExecutionException().ifPresent(failure -> keepEvidence(context, failure));
      close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == FlinkCluster.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return cluster();
  }

  private void close() {
    FlinkCluster ended = Objects.requireNonNull(cluster);
    cluster = null;
    ended.close();
  }

  private void keepEvidence(ExtensionContext context, Throwable failure) {
    Path target = directory(context);
    try {
      cluster().keepEvidence(target);
      failure.addSuppressed(new Evidence("Logs and thread dumps of the cluster are in " + target));
      context.publishReportEntry("cluster logs", target.toString());
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** One a test: names of tests are unique within their class, up to parameters. */
  private static Path directory(ExtensionContext context) {
    String name =
        context.getRequiredTestClass().getSimpleName()
            + context.getTestMethod().map(method -> "." + method.getName()).orElse("")
            + (context.getDisplayName().matches("\\w+\\(.*\\)") ? "" : context.getDisplayName());
    return Path.of(System.getProperty(FAILURES_PROPERTY, "target/cluster-failures"))
        .resolve(name.replaceAll("[^\\w.-]+", "_"))
        .toAbsolutePath();
  }

  /** Stands in the failure of a test, and says where to look; it has no place of its own. */
  private static final class Evidence extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Evidence(String message) {
      super(message, null, false, false);
    }
  }
}
