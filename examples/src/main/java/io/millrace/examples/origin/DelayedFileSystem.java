// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples.origin;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.flink.core.fs.BlockLocation;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemKind;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/** Another file system's files, read-only, each request to which its origin counts and delays. */
final class DelayedFileSystem extends FileSystem {

  private final DelayedOrigin origin;
  private final FileSystem files;

  DelayedFileSystem(DelayedOrigin origin, FileSystem files) {
    this.origin = origin;
    this.files = files;
  }

  @Override
  public FSDataInputStream open(Path path) throws IOException {
    origin.request();
    return new DelayedInputStream(origin, files.open(inner(path)));
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    origin.request();
    return new DelayedInputStream(origin, files.open(inner(path), bufferSize));
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    origin.request();
    return new DelayedFileStatus(files.getFileStatus(inner(path)), path);
  }

  @Override
  public FileStatus @Nullable [] listStatus(Path path) throws IOException {
    origin.request();
    FileStatus @Nullable [] found = files.listStatus(inner(path));
    if (found == null) {
      return null;
    }
    FileStatus[] listed = new FileStatus[found.length];
    for (int i = 0; i < found.length; i++) {
      listed[i] = new DelayedFileStatus(found[i], outer(found[i].getPath()));
    }
    return listed;
  }

  @Override
  public BlockLocation[] getFileBlockLocations(FileStatus file, long start, long length)
      throws IOException {
    origin.request();
    return files.getFileBlockLocations(files.getFileStatus(inner(file.getPath())), start, length);
  }

  /** Not by way of a string, which Flink's path would change. */
  private static Path inner(Path path) throws IOException {
    return path("file", null, path.getPath());
  }

  private Path outer(Path path) throws IOException {
    return path(DelayedOrigin.SCHEME, origin.name(), path.getPath());
  }

  private static Path path(String scheme, @Nullable String authority, String path)
      throws IOException {
    try {
      return new Path(new URI(scheme, authority, path, null, null));
    } catch (URISyntaxException e) {
      throw new IOException("Cannot use " + path + " as a path: " + e.getReason(), e);
    }
  }

  @Override
  public URI getUri() {
    return URI.create(DelayedOrigin.SCHEME + "://" + origin.name() + "/");
  }

  @Override
  public Path getWorkingDirectory() {
    return new Path(getUri());
  }

  @Override
  public Path getHomeDirectory() {
    return new Path(getUri());
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

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    throw readOnly("delete", path);
  }

  @Override
  public boolean mkdirs(Path path) throws IOException {
    throw readOnly("create", path);
  }

  @Override
  public FSDataOutputStream create(Path path, WriteMode mode) throws IOException {
    throw readOnly("create", path);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    throw readOnly("rename", from);
  }

  private static IOException readOnly(String operation, Path path) {
    return new IOException(
        "Cannot " + operation + " " + path + ": the simulated store is read-only");
  }
}
