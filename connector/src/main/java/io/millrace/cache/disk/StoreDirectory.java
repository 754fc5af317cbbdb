// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private static final String IDENTITY_FILE = "identity";
  private static final int MAX_CACHES = 1000;

  private final DiskFiles files;
  private final Path parent;
  private final Path path;
  private final StoreLock lock;
  private final Identity identity;
  private volatile long leftoverBytes;

  private StoreDirectory(
      DiskFiles files, Path parent, Path path, StoreLock lock, Identity identity) {
    this.files = files;
    this.parent = parent;
    this.path = path;
    this.lock = lock;
    this.identity = identity;
  }

  /**
   * Takes over an unlocked sub-directory, or makes one. Those that cannot be used, be it that they
   * are another user's, are left to others.
   *
   * @throws ClosedByInterruptException if the thread was interrupted
   */
  static StoreDirectory claim(Path parent, DiskFiles files) throws IOException {
    Files.createDirectories(parent);
    List<Path> candidates = new ArrayList<>(largestFirst(files, caches(files, parent)));
    int there = candidates.size();
    for (int i = 0; i < MAX_CACHES; i++) {
      candidates.add(parent.resolve(PREFIX + i));
    }
    IOException failure = null;
    for (int i = 0; i < candidates.size(); i++) {
      try {
        StoreLock lock = files.tryLock(lockOf(candidates.get(i)));
        if (lock != null) {
          return claimed(files, parent, candidates.get(i), lock);
        }
      } catch (ClosedByInterruptException e) {
        throw e;
      } catch (IOException e) {
        failure = e;
        if (i < there) {
          LOG.warn("Cannot use {}; another one is looked for", candidates.get(i), e);
        }
      }
    }
    throw new IOException(
        "Cannot use "
            + parent
            + ": all of its "
            + MAX_CACHES
            + " places for a cache are in use or fail",
        failure);
  }

  /** Sizes are asked for once: caches that are in use grow meanwhile. */
  private static List<Path> largestFirst(DiskFiles files, List<Path> caches) {
    Map<Path, Long> sizes = new HashMap<>();
    caches.forEach(cache -> sizes.put(cache, bytes(files, cache)));
    return caches.stream()
        .sorted(Comparator.comparing((Path cache) -> sizes.getOrDefault(cache, 0L)).reversed())
        .toList();
  }

  private static StoreDirectory claimed(DiskFiles files, Path parent, Path path, StoreLock lock)
      throws IOException {
    boolean done = false;
    try {
      if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        createPrivate(path);
      }
      StoreDirectory claimed = new StoreDirectory(files, parent, path, lock, identityOf(path));
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
  private static Identity identityOf(Path path) throws IOException {
    Path file = path.resolve(IDENTITY_FILE);
    try {
      String text = Files.readString(file, StandardCharsets.US_ASCII);
      return new Identity(UUID.fromString(text.trim()), false);
    } catch (NoSuchFileException | CharacterCodingException | IllegalArgumentException e) {
      UUID identity = UUID.randomUUID();
      Path written = path.resolve(IDENTITY_FILE + ".tmp");
      Files.writeString(written, identity.toString(), StandardCharsets.US_ASCII);
      Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
      return new Identity(identity, true);
    }
  }

  /** What the segments of a sub-directory belong to; with a new one those that are there do not. */
  private record Identity(UUID id, boolean isNew) {}

  Path path() {
    return path;
  }

  /** The same for as long as the sub-directory exists. */
  UUID identity() {
    return identity.id;
  }

  /** Deletes segments that belong to nobody: searching them for records would take long. */
  void deleteForeign() throws IOException {
    if (identity.isNew) {
      for (Path segment : segments()) {
        files.delete(segment);
      }
    }
  }

  /** The segments that are there, oldest first. */
  List<Path> segments() throws IOException {
    return segments(files, path);
  }

  private static List<Path> segments(DiskFiles files, Path directory) throws IOException {
    return files.list(directory).stream()
        .filter(
            file -> Segment.idOf(file) >= 0 && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
        .sorted(Comparator.comparing(file -> file.getFileName().toString()))
        .toList();
  }

  /** Bytes of unlocked caches beside this one, as of the last {@link #sweep}. */
  long leftoverBytes() {
    return leftoverBytes;
  }

  /**
   * Looks for unlocked caches beside this one; empties those that are old or too large. One that
   * fails is passed over.
   *
   * @param maxBytes what the others may keep
   */
  void sweep(Duration retention, long maxBytes) throws IOException {
    touch();
    Instant oldest = Instant.now().minus(retention);
    long kept = 0;
    for (Path other : lastUsedFirst(caches(files, parent))) {
      try {
        kept += sweep(other, oldest, maxBytes - kept);
      } catch (ClosedByInterruptException e) {
        throw e;
      } catch (IOException e) {
        LOG.warn("Cannot look after {}, which is left as it is", other, e);
      }
    }
    leftoverBytes = kept;
  }

  /** Times are asked for once: caches that are in use change meanwhile. */
  private List<Path> lastUsedFirst(List<Path> caches) {
    Map<Path, Instant> times = new HashMap<>();
    caches.forEach(cache -> times.put(cache, lastUseIfKnown(cache)));
    return caches.stream()
        .filter(cache -> !cache.equals(path))
        .sorted(
            Comparator.comparing((Path cache) -> times.getOrDefault(cache, Instant.EPOCH))
                .reversed())
        .toList();
  }

  /** Empties a cache if nobody uses it and it is too old or too large; what it keeps. */
  private long sweep(Path other, Instant oldest, long maxBytes) throws IOException {
    StoreLock theirs = files.tryLock(lockOf(other));
    if (theirs == null) {
      return 0;
    }
    try (theirs) {
      long bytes = bytes(files, other);
      if (bytes > 0 && (lastUse(other).isBefore(oldest) || bytes > maxBytes)) {
        LOG.info("Emptying {}: {} bytes that no process uses", other, bytes);
        for (Path segment : segments(files, other)) {
          files.delete(segment);
        }
        return 0;
      }
      return bytes;
    }
  }

  private static List<Path> caches(DiskFiles files, Path parent) throws IOException {
    return files.list(parent).stream()
        .filter(
            file ->
                file.getFileName().toString().matches(PREFIX + "[0-9]{1,6}")
                    && Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
        .toList();
  }

  private static Path lockOf(Path cache) {
    return cache.resolveSibling(cache.getFileName() + LOCK_SUFFIX);
  }

  /** What a cache's files take; 0 if they cannot be counted. */
  private static long bytes(DiskFiles files, Path cache) {
    long bytes = 0;
    try {
      for (Path segment : segments(files, cache)) {
        bytes += files.size(segment) + StoreLimits.SEGMENT_OVERHEAD;
      }
    } catch (IOException e) {
      LOG.debug("Cannot count the files of {}", cache, e);
    }
    return bytes;
  }

  /** When a process last had it: those that live touch their lock's file now and then. */
  private Instant lastUse(Path cache) throws IOException {
    Instant last = files.lastChange(lockOf(cache));
    for (Path segment : segments(files, cache)) {
      Instant changed = files.lastChange(segment);
      last = changed.isAfter(last) ? changed : last;
    }
    return last;
  }

  private Instant lastUseIfKnown(Path cache) {
    try {
      return lastUse(cache);
    } catch (IOException e) {
      LOG.debug("Cannot tell the age of {}", cache, e);
      return Instant.EPOCH;
    }
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
