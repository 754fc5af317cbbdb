// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import java.net.URI;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;

/** Makes the file systems of {@link FaultyOrigin#file}; Flink finds it as a service. */
public final class FaultyFileSystemFactory implements FileSystemFactory {

  @Override
  public String getScheme() {
    return FaultyOrigin.FILE_SCHEME;
  }

  @Override
  public FileSystem create(URI uri) {
    return new FaultyFileSystem(uri);
  }
}
