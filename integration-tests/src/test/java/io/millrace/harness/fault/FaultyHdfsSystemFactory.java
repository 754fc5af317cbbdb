// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import java.net.URI;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;

/** Makes the file systems of {@link FaultyOrigin#hdfs}; Flink finds it as a service. */
public final class FaultyHdfsSystemFactory implements FileSystemFactory {

  @Override
  public String getScheme() {
    return FaultyOrigin.HDFS_SCHEME;
  }

  @Override
  public FileSystem create(URI uri) {
    return new FaultyFileSystem(uri);
  }
}
