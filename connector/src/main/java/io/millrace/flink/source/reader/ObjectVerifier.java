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
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Checks one object whole against its published hash, once in a process, and keeps a checksum of
 * each extent, by which later fetches are checked. Bytes that do not match are fetched a second
 * time before the object is called corrupt: the fault may have been on the way.
 */
final class ObjectVerifier {

  private static final int ATTEMPTS = 2;

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
   * @param forget drops an extent whose bytes were wrong
   * @throws CorruptObjectException if the hash differs twice
   */
  void verify(List<Extent> extents, ExtentSource source, Consumer<Extent> forget)
      throws IOException {
    ExtentChecksums checksums = cache.checksums();
    if (checksums.isVerified(object, version)) {
      return;
    }
    ReentrantLock lock = LOCKS[Math.floorMod(object.hashCode(), LOCKS.length)];
    lock(lock);
    try {
      String found = "";
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        if (checksums.isVerified(object, version)) {
          return;
        }
        Map<Extent, Integer> crcs = new HashMap<>();
        found = digest(extents, source, crcs);
        if (found.equals(hash.hex())) {
          crcs.forEach(checksums::record);
          checksums.markVerified(object, version);
          return;
        }
        extents.forEach(forget);
      }
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
    } finally {
      lock.unlock();
    }
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
        CRC32C crc = new CRC32C();
        for (var part = bytes.first(0, bytes.length()); part != null; part = part.next()) {
          hasher.update(part.array(), part.offset(), part.length());
          crc.update(part.array(), part.offset(), part.length());
        }
        crcs.put(extent, (int) crc.getValue());
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
