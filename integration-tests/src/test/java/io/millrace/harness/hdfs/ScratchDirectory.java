// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.hdfs;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A temporary directory that is removed even if its process was killed: then by the next one that
 * makes a directory of the same prefix. Its owner holds a lock on a file beside it, which the
 * system releases whatever ends the process.
 */
final class ScratchDirectory implements AutoCloseable {

  private static final String LOCK = ".lock";

  private final Path directory;
  private final Path lockFile;
  private final FileChannel channel;

  private ScratchDirectory(Path directory, Path lockFile, FileChannel channel) {
    this.directory = directory;
    this.lockFile = lockFile;
    this.channel = channel;
  }

  /**
   * Makes a directory, and removes those whose owners are gone.
   *
   * @param parent where, such as {@code java.io.tmpdir}
   */
  static ScratchDirectory create(Path parent, String prefix) throws IOException {
    removeAbandoned(parent, prefix);
    Path lockFile = Files.createTempFile(parent, prefix, LOCK);
    FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
    try {
      channel.lock();
      return new ScratchDirectory(Files.createDirectory(directoryOf(lockFile)), lockFile, channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static Path directoryOf(Path lockFile) {
    String name = lockFile.getFileName().toString();
    return lockFile.resolveSibling(name.substring(0, name.length() - LOCK.length()));
  }

  private static void removeAbandoned(Path parent, String prefix) throws IOException {
    List<Path> lockFiles;
    try (Stream<Path> files = Files.list(parent)) {
      lockFiles =
          files
              .filter(file -> file.getFileName().toString().startsWith(prefix))
              .filter(file -> file.getFileName().toString().endsWith(LOCK))
              .toList();
    }
    for (Path lockFile : lockFiles) {
      try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE)) {
        if (isMine(channel)) {
          deleteRecursively(directoryOf(lockFile));
          Files.deleteIfExists(lockFile);
        }
      } catch (NoSuchFileException e) {
        // Another process removed it meanwhile.
      }
    }
  }

  private static boolean isMine(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // this process holds it
    }
  }

  Path path() {
    return directory;
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      deleteRecursively(directory);
      Files.deleteIfExists(lockFile);
    }
  }

  private static void deleteRecursively(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (failure instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.deleteIfExists(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
