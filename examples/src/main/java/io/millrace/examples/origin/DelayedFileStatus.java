// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples.origin;

import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;

/** A file's status under its path in the simulated store. */
final class DelayedFileStatus implements FileStatus {

  private final FileStatus file;
  private final Path path;

  DelayedFileStatus(FileStatus file, Path path) {
    this.file = file;
    this.path = path;
  }

  @Override
  public Path getPath() {
    return path;
  }

  @Override
  public long getLen() {
    return file.getLen();
  }

  @Override
  public long getBlockSize() {
    return file.getBlockSize();
  }

  @Override
  public short getReplication() {
    return file.getReplication();
  }

  @Override
  public long getModificationTime() {
    return file.getModificationTime();
  }

  @Override
  public long getAccessTime() {
    return file.getAccessTime();
  }

  @Override
  public boolean isDir() {
    return file.isDir();
  }
}
