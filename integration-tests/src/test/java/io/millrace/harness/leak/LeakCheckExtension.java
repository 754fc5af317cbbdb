// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.leak;

import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A {@link LeakCheck} of this JVM around each test: fails the test that leaves something behind.
 * Begins after, and ends before, whatever was registered earlier; so register a cluster first,
 * whose own threads are then there before and after. Tests that have one must not run side by side.
 *
 * <p>Where the test fails itself, what it leaves behind is added to its failure, suppressed.
 *
 * <pre>{@code
 * @RegisterExtension final LeakCheckExtension leaks = new LeakCheckExtension(LeakCheck::ofThisJvm);
 * }</pre>
 */
public final class LeakCheckExtension implements BeforeEachCallback, AfterEachCallback {

  private final Supplier<LeakCheck.Builder> settings;
  private @Nullable LeakCheck check;

  /**
   * @param settings what to look at; asked before each test
   */
  public LeakCheckExtension(Supplier<LeakCheck.Builder> settings) {
    this.settings = settings;
  }

  /**
   * The check of the running test.
   *
   * @throws IllegalStateException outside of a test
   */
  public LeakCheck check() {
    if (check == null) {
      throw new IllegalStateException("Cannot use the leak check: no test is running");
    }
    return check;
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    check = settings.get().begin();
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    LeakCheck ended = check;
    check = null;
    if (ended != null) {
      judge(ended.end(), context.getExecutionException().orElse(null));
    }
  }

  static void judge(LeakReport report, @Nullable Throwable failure) {
    if (failure == null) {
      report.check();
    } else if (!report.leaks().isEmpty()) {
      failure.addSuppressed(new AssertionError(report.toString()));
    }
  }
}
