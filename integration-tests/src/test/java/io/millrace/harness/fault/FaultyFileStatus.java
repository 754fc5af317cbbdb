// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;

/** A status of a file, under its path in a faulty origin. */
final class FaultyFileStatus implements FileStatus {

  private final FileStatus file;
  private final Path path;

  FaultyFileStatus(FileStatus file, Path path) {
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
