// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.storage;

import io.millrace.storage.ObjectLocation;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Lists a directory, and tells one that is missing from one that cannot be listed. Flink's local
 * file system says the same of a directory that is missing and of one that may not be read. And
 * where something in a directory is missing, because a writer renamed it during the listing or it
 * is a link to nothing, it fails as if the directory were.
 */
final class DirectoryListing {

  /** What was renamed is not met again; what is met so often stays. */
  private static final int TRIES = 4;

  private final ObjectLocation directory;
  private final FileSystem files;
  private final Path path;

  DirectoryListing(ObjectLocation directory, FileSystem files, Path path) {
    this.directory = directory;
    this.files = files;
    this.path = path;
  }

  /**
   * What is directly in it.
   *
   * @throws FileNotFoundException if it is not there, or no directory
   * @throws java.nio.file.AccessDeniedException if it is there, but may not be read
   */
  FileStatus[] read() throws IOException {
    Set<String> missing = new HashSet<>();
    for (int tries = 1; ; tries++) {
      FileStatus @Nullable [] entries = null;
      IOException failure;
      try {
        entries = files.listStatus(path);
        failure = StoreErrors.unreadable(directory);
      } catch (FileNotFoundException | NoSuchFileException e) {
        missing.add(String.valueOf(e.getMessage()));
        failure = StoreErrors.incomplete(directory, missing.size() == 1, e);
      } catch (IOException | RuntimeException e) {
        throw StoreErrors.of("list " + directory, directory, e);
      }
      if (entries != null) {
        checkDirectory(entries.length != 1 || !isFile(entries[0]));
        return entries;
      }
      checkDirectory(isDirectory());
      if (tries == TRIES) {
        throw failure;
      }
    }
  }

  /** Listing a file yields the file itself in most file systems. */
  private boolean isFile(FileStatus entry) {
    return !entry.isDir() && entry.getPath().getPath().equals(path.getPath());
  }

  private boolean isDirectory() throws IOException {
    try {
      return files.getFileStatus(path).isDir();
    } catch (IOException | RuntimeException e) {
      IOException failure = StoreErrors.of("list " + directory, directory, e);
      throw failure instanceof FileNotFoundException
          ? missing("no such directory", failure.getCause())
          : failure;
    }
  }

  private void checkDirectory(boolean is) throws FileNotFoundException {
    if (!is) {
      throw missing("it is not a directory", null);
    }
  }

  private FileNotFoundException missing(String problem, @Nullable Throwable cause) {
    return StoreErrors.missing("Cannot list " + directory + ": " + problem, cause);
  }
}
