// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How the tier on disk is made.
 *
 * @param directories where; none for no such tier. They share the bound, in equal parts
 * @param sizeBytes bound on the files in all of them
 * @param minFree share of each file system that stays free, 0 … 1
 * @param retention how long what no process uses is left alone
 * @param localFiles which objects of local file systems are kept
 */
public record DiskSettings(
    List<Path> directories,
    long sizeBytes,
    double minFree,
    Duration retention,
    LocalFiles localFiles) {

  /** No tier on disk. */
  public static final DiskSettings OFF =
      new DiskSettings(List.of(), 0, 0, Duration.ZERO, LocalFiles.AUTO);

  /** Least bound of a directory: a store needs some segments to reclaim room. */
  public static final long MIN_DIRECTORY_BYTES = 1 << 20;

  public DiskSettings {
    directories =
        directories.stream().map(path -> path.toAbsolutePath().normalize()).distinct().toList();
    if (sizeBytes < MIN_DIRECTORY_BYTES * directories.size()) {
      throw new IllegalArgumentException(
          "Cannot use cache.disk.size = "
              + sizeBytes
              + ": it must be at least "
              + MIN_DIRECTORY_BYTES
              + " for each directory of cache.disk.dir");
    }
    if (!(minFree >= 0 && minFree < 1)) {
      throw new IllegalArgumentException(
          "Cannot use cache.disk.min-free = " + minFree + ": it must be 0 or more and less than 1");
    }
  }

  public boolean isOn() {
    return !directories.isEmpty();
  }

  /** Whether caches with these settings and others would share a directory. */
  public boolean sharesDirectory(DiskSettings other) {
    return directories.stream().anyMatch(other.directories::contains);
  }

  long bytesPerDirectory() {
    return sizeBytes / directories.size();
  }
}
