// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.s3;

import io.millrace.harness.process.Runtimes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.plugin.DefaultPluginManager;
import org.apache.flink.core.plugin.DirectoryBasedPluginFinder;
import org.apache.flink.core.plugin.PluginManager;

/**
 * Flink's S3 file system (flink-s3-fs-hadoop) in this process, in a class loader of its own as a
 * cluster has it. Flink's file systems are one set a process: for tests that run alone. Whoever
 * loads it closes it, after all jobs and streams.
 */
public final class S3Plugin implements AutoCloseable {

  static {
    // The client would print it to the tests' log.
    System.setProperty("aws.java.v1.disableDeprecationAnnouncement", "true");
  }

  private S3Plugin() {}

  /**
   * Sets Flink's file systems up anew: those of the class path and the plugin's.
   *
   * @param configuration such as {@link S3Access#flinkConfiguration}
   * @throws IllegalStateException if the plugin is not there; the message says how to bring it
   */
  public static S3Plugin load(Configuration configuration) {
    Path plugins = Runtimes.directory("flink").resolve("plugins");
    try {
      PluginManager manager =
          new DefaultPluginManager(
              new DirectoryBasedPluginFinder(plugins).findPlugins(),
              CoreOptions.getPluginParentFirstLoaderPatterns(configuration));
      FileSystem.initialize(configuration, manager);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot load Flink's plugins from " + plugins, e);
    }
    return new S3Plugin();
  }

  /** Sets Flink's file systems up as they are without a configuration. */
  @Override
  public void close() {
    FileSystem.initialize(new Configuration(), null);
  }
}
