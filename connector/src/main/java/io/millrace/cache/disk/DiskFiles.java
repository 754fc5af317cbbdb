// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the disk tier asks of a file system; tests put one in between that fails. */
interface DiskFiles {

  /** The machine's own. */
  DiskFiles REAL =
      new DiskFiles() {
        @Override
        public DiskFile open(Path file) throws IOException {
          return new ReopeningFile(file);
        }

        @Override
        public void delete(Path file) throws IOException {
          Files.deleteIfExists(file);
        }

        @Override
        public Space space(Path directory) throws IOException {
          var store = Files.getFileStore(directory);
          return new Space(store.getUsableSpace(), store.getTotalSpace());
        }

        @Override
        public List<Path> list(Path directory) throws IOException {
          try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            List<Path> found = new ArrayList<>();
            files.forEach(found::add);
            return found;
          } catch (DirectoryIteratorException e) {
            throw e.getCause();
          }
        }

        @Override
        public long size(Path file) throws IOException {
          return Files.size(file);
        }

        @Override
        public Instant lastChange(Path file) throws IOException {
          return Files.getLastModifiedTime(file).toInstant();
        }

        @Override
        public @Nullable StoreLock tryLock(Path file) throws IOException {
          return StoreLock.tryLock(file);
        }
      };

  /** Opens a file for reading and writing; makes it if there is none. */
  DiskFile open(Path file) throws IOException;

  /** Removes a file; no effect if there is none. */
  void delete(Path file) throws IOException;

  /** Room on the file system that a directory is on. */
  Space space(Path directory) throws IOException;

  /** What is in a directory, in any order. */
  List<Path> list(Path directory) throws IOException;

  long size(Path file) throws IOException;

  Instant lastChange(Path file) throws IOException;

  /** As {@link StoreLock#tryLock}. */
  @Nullable StoreLock tryLock(Path file) throws IOException;

  /**
   * Room on a file system.
   *
   * @param usableBytes what this process may still write
   * @param totalBytes its size
   */
  record Space(long usableBytes, long totalBytes) {}
}
