// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples.origin;

import java.io.IOException;
import java.net.URI;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;

/** Makes the file systems of the simulated stores; Flink finds it as a service. */
public final class DelayedFileSystemFactory implements FileSystemFactory {

  @Override
  public String getScheme() {
    return DelayedOrigin.SCHEME;
  }

  @Override
  public FileSystem create(URI uri) throws IOException {
    return new DelayedFileSystem(
        DelayedOrigin.named(uri.getAuthority()), FileSystem.getLocalFileSystem());
  }
}
