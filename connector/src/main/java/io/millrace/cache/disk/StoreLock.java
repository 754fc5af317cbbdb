// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Makes a sub-directory private to one cache of one process: a lock on a file beside it. The file
 * stays for good, so that nobody ever locks one that was removed meanwhile.
 *
 * <p>Such locks are the process's. Within it another one must not even be tried: closing any
 * channel to the file gives up the lock that the process has on it (POSIX). So what is locked here
 * is also noted in the system properties, which caches of other class loaders see.
 */
final class StoreLock implements AutoCloseable {

  private static final String PROPERTY = "io.millrace.cache.disk.locked:";

  private final String property;
  private final FileChannel channel;

  private StoreLock(String property, FileChannel channel) {
    this.property = property;
    this.channel = channel;
  }

  /** The lock; null if someone has it. */
  static @Nullable StoreLock tryLock(Path file) throws IOException {
    Path parent = file.getParent();
    Path real = parent == null ? file : parent.toRealPath().resolve(file.getFileName());
    String property = PROPERTY + real;
    if (System.getProperties().putIfAbsent(property, "locked") != null) {
      return null;
    }
    FileChannel channel = null;
    FileLock lock = null;
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
      lock = channel.tryLock();
      return lock == null ? null : new StoreLock(property, channel);
    } finally {
      if (lock == null) {
        release(property, channel);
      }
    }
  }

  private static void release(String property, @Nullable FileChannel channel) throws IOException {
    try {
      if (channel != null) {
        channel.close();
      }
    } finally {
      System.getProperties().remove(property);
    }
  }

  @Override
  public void close() throws IOException {
    release(property, channel);
  }
}
