// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

/**
 * Puts a disk that can fail beneath all caches of this process that are opened until it is closed.
 */
public final class FailingDisk implements AutoCloseable {

  private final TestingDisk disk = new TestingDisk();

  public FailingDisk() {
    DiskTier.setFiles(disk);
  }

  /** Leaves room for so many further bytes. */
  public void fillsUpAfter(long bytes) {
    disk.roomToGrow = bytes;
  }

  /** Has everything fail as a broken device does. */
  public void breaks() {
    disk.writeError = "Input/output error";
    disk.readError = "Input/output error";
  }

  @Override
  public void close() {
    DiskTier.setFiles(DiskFiles.REAL);
  }
}
