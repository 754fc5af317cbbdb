// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import io.millrace.cache.CachePolicies;
import io.millrace.cache.disk.DiskSettings;
import io.millrace.cache.disk.LocalFiles;
import java.io.Serializable;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.flink.annotation.Internal;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/**
 * The cache's tier on disk, as the options have it.
 *
 * @param directories on each TaskManager; empty if there is none
 * @param sizeBytes bound per TaskManager, over all directories
 * @param minFree share of each file system that stays free
 * @param retention how long files that no process uses are left alone
 * @param localFiles which files of local file systems are kept
 */
@Internal
public record DiskSpec(
    List<String> directories,
    long sizeBytes,
    double minFree,
    Duration retention,
    LocalFiles localFiles)
    implements Serializable {

  /** No tier on disk, other options at their defaults. */
  public static final DiskSpec OFF =
      new DiskSpec(List.of(), 10L << 30, 0.1, Duration.ofDays(7), LocalFiles.AUTO);

  private static final Pattern SCHEME = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]+:");
  private static final Duration LONGEST = Duration.ofDays(3650);

  public DiskSpec {
    directories = List.copyOf(directories);
  }

  /**
   * Resolves the options.
   *
   * @throws IllegalArgumentException naming the option whose value cannot be used, and why
   */
  static DiskSpec from(ReadableConfig config) {
    DiskSpec spec =
        new DiskSpec(
            config.getOptional(MillraceOptions.CACHE_DISK_DIR).orElse(List.of()),
            config.get(MillraceOptions.CACHE_DISK_SIZE).getBytes(),
            share(config.get(MillraceOptions.CACHE_DISK_MIN_FREE)),
            retention(config.get(MillraceOptions.CACHE_DISK_RETENTION)),
            LocalFiles.named(config.get(MillraceOptions.CACHE_LOCAL_FILES)));
    spec.toDiskSettings(CachePolicies.names().get(0)); // fails here rather than on a TaskManager
    return spec;
  }

  private static double share(String value) {
    double share = Percentage.parse(value).orElse(100) / 100;
    if (share < 1) {
      return share;
    }
    throw new IllegalArgumentException(
        "Cannot use "
            + MillraceOptions.CACHE_DISK_MIN_FREE.key()
            + " = "
            + value
            + ": it must be a percentage below 100 such as 10 %");
  }

  private static Duration retention(Duration value) {
    if (value.isNegative() || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "Cannot use "
              + MillraceOptions.CACHE_DISK_RETENTION.key()
              + " = "
              + value
              + ": it must be at least 0 and at most ten years");
    }
    return value;
  }

  /**
   * The settings of a cache on this machine.
   *
   * @param policy the cache's; one that keeps nothing needs no disk
   */
  public DiskSettings toDiskSettings(String policy) {
    if (policy.equals("none")) {
      return DiskSettings.OFF;
    }
    return new DiskSettings(
        directories.stream().map(DiskSpec::pathOf).toList(),
        sizeBytes,
        minFree,
        retention,
        localFiles);
  }

  private static Path pathOf(String directory) {
    String trimmed = directory.trim();
    try {
      if (!trimmed.isEmpty() && (trimmed.startsWith("file:") || !SCHEME.matcher(trimmed).find())) {
        return trimmed.startsWith("file:") ? Path.of(URI.create(trimmed)) : Path.of(trimmed);
      }
    } catch (IllegalArgumentException e) {
      throw unusable(directory, e);
    }
    throw unusable(directory, null);
  }

  private static IllegalArgumentException unusable(String directory, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "Cannot use "
            + MillraceOptions.CACHE_DISK_DIR.key()
            + " = "
            + directory
            + ": it must be directories of the TaskManager's own file system, separated by ;",
        cause);
  }
}
