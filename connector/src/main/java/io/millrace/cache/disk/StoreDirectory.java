// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sub-directory of {@code cache.disk.dir} that is locked for one cache, with its identity. Caches
 * that share the directory, of this process or others, have sub-directories {@code
 * millrace-cache-0}, {@code -1} … of their own; one that nobody has locked was left by a process
 * that ended, and is taken over by the next cache: the largest first.
 *
 * <p>Those that stay unlocked count against the bound of the cache that finds them, but take at
 * most half of it: beyond that, and after {@code cache.disk.retention} without a change, the oldest
 * are emptied. Files that are not of a cache's own kind are neither counted nor touched.
 */
final class StoreDirectory implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StoreDirectory.class);

  private static final String PREFIX = "millrace-cache-";
  private static final String LOCK_SUFFIX = ".lock";
  private static final String IDENTITY = "identity";
  private static final int MAX_CACHES = 1000;

  private final Path parent;
  private final Path path;
  private final StoreLock lock;
  private final UUID identity;
  private volatile long leftoverBytes;

  private StoreDirectory(Path parent, Path path, StoreLock lock, UUID identity) {
    this.parent = parent;
    this.path = path;
    this.lock = lock;
    this.identity = identity;
  }

  /** Takes over an unlocked sub-directory, or makes one. */
  static StoreDirectory claim(Path parent) throws IOException {
    Files.createDirectories(parent);
    List<Path> candidates = new ArrayList<>(caches(parent));
    candidates.sort(Comparator.comparingLong(StoreDirectory::bytes).reversed());
    for (int i = 0; i < MAX_CACHES; i++) {
      candidates.add(parent.resolve(PREFIX + i));
    }
    for (Path candidate : candidates) {
      StoreLock lock = StoreLock.tryLock(lockOf(candidate));
      if (lock != null) {
        return claimed(parent, candidate, lock);
      }
    }
    throw new IOException(
        "Cannot use " + parent + ": it has " + MAX_CACHES + " caches that are in use");
  }

  private static StoreDirectory claimed(Path parent, Path path, StoreLock lock) throws IOException {
    boolean done = false;
    try {
      if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        createPrivate(path);
      }
      StoreDirectory claimed = new StoreDirectory(parent, path, lock, identityOf(path));
      done = true;
      return claimed;
    } finally {
      if (!done) {
        lock.close();
      }
    }
  }

  /** Training data may be nobody else's business. */
  private static void createPrivate(Path path) throws IOException {
    if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectory(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectory(path);
    }
  }

  /** Without a readable one the segments that are there belong to nobody, and nothing is found. */
  private static UUID identityOf(Path path) throws IOException {
    Path file = path.resolve(IDENTITY);
    try {
      return UUID.fromString(Files.readString(file, StandardCharsets.US_ASCII).trim());
    } catch (NoSuchFileException | IllegalArgumentException e) {
      UUID identity = UUID.randomUUID();
      Path written = path.resolve(IDENTITY + ".tmp");
      Files.writeString(written, identity.toString(), StandardCharsets.US_ASCII);
      Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
      return identity;
    }
  }

  Path path() {
    return path;
  }

  /** The same for as long as the sub-directory exists. */
  UUID identity() {
    return identity;
  }

  /** The segments that are there, oldest first. */
  List<Path> segments() throws IOException {
    return segments(path);
  }

  private static List<Path> segments(Path directory) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.seg")) {
      for (Path file : files) {
        if (Segment.idOf(file) >= 0 && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          found.add(file);
        }
      }
    }
    found.sort(Comparator.comparing(file -> file.getFileName().toString()));
    return found;
  }

  /** Bytes of unlocked caches beside this one, as of the last {@link #sweep}. */
  long leftoverBytes() {
    return leftoverBytes;
  }

  /**
   * Looks for unlocked caches beside this one; empties those that are old or too large.
   *
   * @param maxBytes what the others may keep
   */
  void sweep(Duration retention, long maxBytes) throws IOException {
    touch();
    List<Path> others = new ArrayList<>(caches(parent));
    others.remove(path);
    others.sort(Comparator.comparing(StoreDirectory::lastUse).reversed());
    Instant oldest = Instant.now().minus(retention);
    long kept = 0;
    for (Path other : others) {
      StoreLock theirs = StoreLock.tryLock(lockOf(other));
      if (theirs == null) {
        continue;
      }
      try (theirs) {
        long bytes = bytes(other);
        if (bytes > 0 && (lastUse(other).isBefore(oldest) || kept + bytes > maxBytes)) {
          LOG.info("Emptying {}: {} bytes that no process uses", other, bytes);
          empty(other);
        } else {
          kept += bytes;
        }
      }
    }
    leftoverBytes = kept;
  }

  private static void empty(Path cache) throws IOException {
    for (Path segment : segments(cache)) {
      Files.deleteIfExists(segment);
    }
  }

  private static List<Path> caches(Path parent) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path file : files) {
        if (file.getFileName().toString().matches(PREFIX + "[0-9]{1,6}")
            && Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
          found.add(file);
        }
      }
    }
    return found;
  }

  private static Path lockOf(Path cache) {
    return cache.resolveSibling(cache.getFileName() + LOCK_SUFFIX);
  }

  /** What a cache's files take; 0 if they cannot be counted. */
  private static long bytes(Path cache) {
    long bytes = 0;
    try {
      for (Path segment : segments(cache)) {
        bytes += Files.size(segment) + StoreLimits.SEGMENT_OVERHEAD;
      }
    } catch (IOException e) {
      LOG.debug("Cannot count the files of {}", cache, e);
    }
    return bytes;
  }

  /** When a process last had it: those that live touch their lock's file now and then. */
  private static Instant lastUse(Path cache) {
    Instant last = Instant.EPOCH;
    try {
      last = Files.getLastModifiedTime(lockOf(cache)).toInstant();
      for (Path segment : segments(cache)) {
        Instant changed = Files.getLastModifiedTime(segment).toInstant();
        last = changed.isAfter(last) ? changed : last;
      }
    } catch (IOException e) {
      LOG.debug("Cannot tell the age of {}", cache, e);
    }
    return last;
  }

  /** By name: opening the lock's file a second time would give up the lock. */
  private void touch() throws IOException {
    Files.setLastModifiedTime(lockOf(path), FileTime.from(Instant.now()));
  }

  @Override
  public String toString() {
    return path.toString();
  }

  /** Gives the sub-directory up; its files stay. */
  @Override
  public void close() {
    try (lock) {
      touch();
    } catch (IOException e) {
      LOG.debug("Cannot give {} up cleanly", path, e);
    }
  }
}
