// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.cache.Extent;
import io.millrace.cache.FetchedChecksums;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectChangedException;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStore;
import io.millrace.storage.ObjectVersion;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells whether bytes that were fetched are of the version that discovery saw, without a hash. They
 * are if the origin, asked for the version after the fetch ended, still has that one: versions do
 * not come back. One such question serves all who fetched before it was sent, whichever extents of
 * the object. And they are if they have the checksum of bytes of the same extent that passed
 * before: that takes no question at all, so that from the second epoch on there is one round trip
 * for a fetch.
 *
 * <p>Other bytes than before under the same version are an error, even after they were fetched
 * again: the object was overwritten in a way that its length and time do not show, and bytes of
 * before and after must not be mixed. It stays one until {@link FetchedChecksums} are gone with
 * their cache, or the bytes that are known turn out to be wrong in themselves.
 *
 * <p>Shared by all readers of a cache; thread-safe.
 */
final class VersionChecks {

  /** Of the cache's memory one part in so many may be taken for checksums, beside it. */
  private static final int MEMORY_PER_CHECKSUMS = 128;

  private final FetchedChecksums checksums;
  private final ConcurrentHashMap<Key, SharedQuestion> questions = new ConcurrentHashMap<>();

  /**
   * @param memoryBytes of the cache
   */
  VersionChecks(long memoryBytes) {
    this.checksums = new FetchedChecksums(memoryBytes / MEMORY_PER_CHECKSUMS);
  }

  /** How long a question took of late; lost updates do no harm. */
  private volatile long usualNanos;

  private record Key(ObjectStore store, ObjectLocation object, ObjectVersion version) {}

  /** Whether the bytes of an extent are those that passed before. */
  boolean passedBefore(Extent extent, ByteChunks bytes) {
    return checksums.knows(extent, bytes);
  }

  /**
   * Notes that bytes passed, because {@link #ask} did after they were fetched.
   *
   * @throws CorruptObjectException if others did before
   */
  void passed(Extent extent, ByteChunks bytes) throws CorruptObjectException {
    if (!checksums.keep(extent, bytes)) {
      throw new CorruptObjectException(
          extent.object(),
          extent.offset(),
          String.format(
              Locale.ROOT,
              "%d bytes are not those that were fetched before, though the object's version is"
                  + " still %s; if it was overwritten, start the job anew once no job uses the"
                  + " cache",
              extent.length(),
              extent.version()));
    }
  }

  /** Forgets what is known of an extent, because it turned out to be wrong. */
  void forget(Extent extent) {
    checksums.forget(extent);
  }

  /**
   * Checks that an object is still of a version, by a question to the origin that begins after this
   * call does; see {@link SharedQuestion}. Time and tag are compared where both versions have them:
   * replicas have only lengths in common, and a checkpoint may have been taken when there were
   * none. Of replicas one has to agree, as only those that agree are read.
   *
   * @param onRequest called if this thread sends a request
   * @throws ObjectChangedException if it is not; the same for all who share the question
   * @throws InterruptedIOException if the thread is interrupted while it waits for another's
   *     question; its flag stays set
   */
  void ask(ObjectStore store, ObjectLocation object, ObjectVersion version, Runnable onRequest)
      throws IOException {
    Key key = new Key(store, object, version);
    SharedQuestion question =
        questions.compute(
            key,
            (k, known) -> {
              SharedQuestion shared = known == null ? new SharedQuestion(System::nanoTime) : known;
              shared.users++;
              return shared;
            });
    try {
      question.ask(
          () -> {
            onRequest.run();
            ObjectVersion found = found(store, object, version);
            if (!found.agreesWith(version)) {
              throw new ObjectChangedException(object, version, found);
            }
          },
          usualNanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("Interrupted while another thread checks " + object);
      interrupted.initCause(e);
      throw interrupted;
    } finally {
      questions.compute(key, (k, known) -> --question.users == 0 ? null : known);
    }
  }

  private ObjectVersion found(ObjectStore store, ObjectLocation object, ObjectVersion version)
      throws IOException {
    long begin = System.nanoTime();
    ObjectVersion found = store.status(object, version).version();
    long took = System.nanoTime() - begin;
    usualNanos = usualNanos == 0 ? took : usualNanos + (took - usualNanos) / 8;
    return found;
  }

  /** For tests: objects that are being asked for. */
  int asking() {
    return questions.size();
  }
}
