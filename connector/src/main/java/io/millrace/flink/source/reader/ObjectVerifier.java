// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.cache.Extent;
import io.millrace.cache.ExtentCache;
import io.millrace.cache.ExtentChecksums;
import io.millrace.cache.PinnedExtent;
import io.millrace.format.ContentHash;
import io.millrace.format.hash.ContentHasher;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectVersion;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Checks one object whole against its published hash, once in a process, and keeps a checksum of
 * each extent, by which later fetches are checked.
 */
final class ObjectVerifier {

  /** Objects are verified by one thread at a time each; a few locks serve all of them. */
  private static final ReentrantLock[] LOCKS =
      Stream.generate(ReentrantLock::new).limit(64).toArray(ReentrantLock[]::new);

  private final ExtentCache cache;
  private final ObjectLocation object;
  private final ObjectVersion version;
  private final ContentHash hash;

  ObjectVerifier(
      ExtentCache cache, ObjectLocation object, ObjectVersion version, ContentHash hash) {
    this.cache = cache;
    this.object = object;
    this.version = version;
    this.hash = hash;
  }

  /**
   * Reads all extents through the given source and compares; returns at once if this was done.
   *
   * @param extents all of the object's, in order
   * @return whether it was not done before
   * @throws CorruptObjectException if the hash differs
   */
  boolean verify(List<Extent> extents, ExtentSource source) throws IOException {
    ExtentChecksums checksums = cache.checksums();
    if (checksums.isVerified(object, version)) {
      return false;
    }
    ReentrantLock lock = LOCKS[Math.floorMod(object.hashCode(), LOCKS.length)];
    lock(lock);
    try {
      if (checksums.isVerified(object, version)) {
        return false;
      }
      Map<Extent, Integer> crcs = new HashMap<>();
      String found = digest(extents, source, crcs);
      if (!found.equals(hash.hex())) {
        throw new CorruptObjectException(
            object,
            0,
            String.format(
                Locale.ROOT,
                "the %s hash of its %d bytes is %s, but the index says %s",
                hash.algorithm(),
                version.length(),
                found,
                hash.hex()));
      }
      crcs.forEach(checksums::record);
      checksums.markVerified(object, version);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Checks what was read before the object was verified, such as the table that says where its
   * extents lie: it may be other bytes than those that matched.
   *
   * @throws CorruptObjectException if it is
   */
  void checkReadBefore(Extent extent, ByteChunks bytes) throws CorruptObjectException {
    OptionalInt expected = cache.checksums().expected(extent);
    if (expected.isEmpty() || expected.getAsInt() != crc32c(bytes)) {
      throw new CorruptObjectException(
          object,
          extent.offset(),
          extent.length() + " bytes read before it was verified do not match those that were");
    }
  }

  private static int crc32c(ByteChunks bytes) {
    CRC32C crc = new CRC32C();
    for (var part = bytes.first(0, bytes.length()); part != null; part = part.next()) {
      crc.update(part.array(), part.offset(), part.length());
    }
    return (int) crc.getValue();
  }

  private void lock(ReentrantLock lock) throws InterruptedIOException {
    try {
      lock.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("Interrupted while another thread verifies " + object);
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  private String digest(List<Extent> extents, ExtentSource source, Map<Extent, Integer> crcs)
      throws IOException {
    ContentHasher hasher = ContentHasher.of(hash.algorithm());
    for (Extent extent : extents) {
      try (Held held = source.hold(extent)) {
        ByteChunks bytes = held.pinned().bytes();
        hasher.update(bytes);
        crcs.put(extent, crc32c(bytes));
      }
    }
    return hasher.hexDigest();
  }

  /** Brings an extent for the time that it is looked at. */
  interface ExtentSource {
    Held hold(Extent extent) throws IOException;
  }

  /**
   * An extent while it is looked at.
   *
   * @param release what to do afterwards: to unpin it, or nothing if it is needed further
   */
  record Held(PinnedExtent pinned, Runnable release) implements AutoCloseable {
    @Override
    public void close() {
      release.run();
    }
  }
}
