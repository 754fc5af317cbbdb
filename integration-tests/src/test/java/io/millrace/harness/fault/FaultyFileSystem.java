// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import io.millrace.harness.meter.OriginOperation;
import java.io.IOException;
import java.net.URI;
import org.apache.flink.core.fs.BlockLocation;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemKind;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * The file system of whatever {@link FaultyOrigin} is open under a name: Flink keeps file systems
 * for longer than a test lasts.
 */
final class FaultyFileSystem extends FileSystem {

  private final URI root;

  FaultyFileSystem(URI root) {
    this.root = root;
  }

  private FaultyOrigin origin() throws IOException {
    return FaultyOrigin.named(root.getAuthority());
  }

  private static FileSystem files(FaultyOrigin origin) throws IOException {
    return FileSystem.getUnguardedFileSystem(origin.inner());
  }

  @Override
  public FSDataInputStream open(Path path) throws IOException {
    FaultyOrigin origin = origin();
    Path inner = origin.inner(path);
    FileSystem files = files(origin);
    return origin.call(
        OriginOperation.OPEN,
        path,
        () -> new FaultyInputStream(origin, path, files.open(inner), lengthOf(files, inner)));
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    FaultyOrigin origin = origin();
    Path inner = origin.inner(path);
    FileSystem files = files(origin);
    return origin.call(
        OriginOperation.OPEN,
        path,
        () ->
            new FaultyInputStream(
                origin, path, files.open(inner, bufferSize), lengthOf(files, inner)));
  }

  private static FaultyOrigin.IoCall<Long> lengthOf(FileSystem files, Path inner) {
    return () -> files.getFileStatus(inner).getLen();
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    FaultyOrigin origin = origin();
    FileSystem files = files(origin);
    return origin.call(
        OriginOperation.HEAD,
        path,
        () -> new FaultyFileStatus(files.getFileStatus(origin.inner(path)), path));
  }

  @Override
  public FileStatus @Nullable [] listStatus(Path path) throws IOException {
    FaultyOrigin origin = origin();
    FileSystem files = files(origin);
    Path inner = origin.inner(path);
    FileStatus @Nullable [] found =
        origin.call(OriginOperation.LIST, path, () -> files.listStatus(inner));
    if (found == null) {
      return null;
    }
    FileStatus[] listed = new FileStatus[found.length];
    for (int i = 0; i < found.length; i++) {
      // A file that is listed yields itself.
      boolean itself = found[i].getPath().getPath().equals(inner.getPath());
      Path outer = itself ? path : FaultyOrigin.child(path, found[i].getPath());
      listed[i] = new FaultyFileStatus(found[i], outer);
    }
    return listed;
  }

  @Override
  public BlockLocation[] getFileBlockLocations(FileStatus file, long start, long length)
      throws IOException {
    FaultyOrigin origin = origin();
    FileSystem files = files(origin);
    Path inner = origin.inner(file.getPath());
    return origin.call(
        OriginOperation.OTHER,
        file.getPath(),
        () -> files.getFileBlockLocations(files.getFileStatus(inner), start, length));
  }

  @Override
  public FSDataOutputStream create(Path path, WriteMode mode) throws IOException {
    FaultyOrigin origin = origin();
    FileSystem files = files(origin);
    FaultyCall call = origin.begin(OriginOperation.PUT, path);
    boolean created = false;
    try {
      call.before();
      FSDataOutputStream stream =
          new FaultyOutputStream(origin, call, files.create(origin.inner(path), mode));
      created = true;
      return stream;
    } finally {
      if (!created) {
        origin.end(call);
      }
    }
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    FaultyOrigin origin = origin();
    FileSystem files = files(origin);
    return origin.call(
        OriginOperation.DELETE, path, () -> files.delete(origin.inner(path), recursive));
  }

  @Override
  public boolean mkdirs(Path path) throws IOException {
    FaultyOrigin origin = origin();
    FileSystem files = files(origin);
    return origin.call(OriginOperation.OTHER, path, () -> files.mkdirs(origin.inner(path)));
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    FaultyOrigin origin = origin();
    FileSystem files = files(origin);
    return origin.call(
        OriginOperation.OTHER, from, () -> files.rename(origin.inner(from), origin.inner(to)));
  }

  @Override
  public URI getUri() {
    return root;
  }

  @Override
  public Path getWorkingDirectory() {
    return new Path(root);
  }

  @Override
  public Path getHomeDirectory() {
    return new Path(root);
  }

  /** As a store across a network. */
  @Override
  public boolean isDistributedFS() {
    return true;
  }

  /** Abstract in Flink 1.20 and gone in 2.0, so that there is nothing to override for both. */
  public FileSystemKind getKind() {
    return FileSystemKind.FILE_SYSTEM;
  }
}
