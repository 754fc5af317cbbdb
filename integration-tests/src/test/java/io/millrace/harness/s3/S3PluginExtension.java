// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.s3;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Flink's S3 file system for the tests of a class: loaded before all, gone after all. Register it
 * in a static field, after the extension of the server, before that of a MiniCluster.
 */
public final class S3PluginExtension implements BeforeAllCallback, AfterAllCallback {

  private final Supplier<S3Access> access;
  private @Nullable S3Plugin plugin;

  /**
   * An extension that has not loaded anything yet.
   *
   * @param access asked once the test class begins: {@code () -> S3.endpoint().direct()}
   */
  public S3PluginExtension(Supplier<S3Access> access) {
    this.access = access;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    plugin = S3Plugin.load(access.get().flinkConfiguration());
  }

  @Override
  public void afterAll(ExtensionContext context) {
    S3Plugin last = plugin;
    plugin = null;
    if (last != null) {
      last.close();
    }
  }
}
