// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import io.millrace.sample.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.connector.testframe.external.ExternalContextFactory;
import org.apache.flink.connector.testframe.junit.annotations.TestContext;
import org.apache.flink.connector.testframe.junit.annotations.TestSemantics;
import org.apache.flink.connector.testframe.testsuites.SourceTestSuiteBase;
import org.apache.flink.core.execution.CheckpointingMode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/**
 * Flink's own suite for sources, on whatever environment a subclass names in a field with {@link
 * org.apache.flink.connector.testframe.junit.annotations.TestEnv}. Its processes must see the local
 * files of this one.
 *
 * <p>All eight cases run: single split, multiple splits and idle reader on a bounded source; source
 * metrics, savepoint, restarts at a higher and a lower parallelism and TaskManager failure on one
 * that discovers what is added. {@link DiscoveryITCase} and {@link RestoreITCase} show by the
 * ledger what these cannot.
 */
@Tag("it")
@Tag("slow")
abstract class SourceSuite extends SourceTestSuiteBase<Sample> {

  @TempDir static Path directory;

  @TestSemantics final CheckpointingMode[] semantics = {CheckpointingMode.EXACTLY_ONCE};

  @TestContext
  final ExternalContextFactory<MdsSuiteContext> contexts =
      testName -> new MdsSuiteContext(newDirectory(), connectorJars());

  /** What jobs need beside the classes that the environment's processes have. */
  abstract List<URL> connectorJars();

  private static Path newDirectory() {
    try {
      return Files.createTempDirectory(directory, "dataset");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
