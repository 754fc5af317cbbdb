// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads an object from one replica as long as that works, then from the next one, which is opened
 * only then. At most one is open.
 */
final class ReplicatedReader implements RangeReader {

  private final ObjectLocation location;
  private final Replicas replicas;
  private final BooleanSupplier storeClosed;
  private final ReplicatedObjectStore.Opening opening;

  /** What is open; null after a failure, until the next attempt; guarded by this. */
  private @Nullable Open current;

  /** Guarded by this. */
  private boolean closed;

  private record Open(Replica replica, RangeReader reader) {}

  /**
   * @param location the object's logical location
   * @param storeClosed whether the store was closed, so that failures say nothing of a replica
   */
  ReplicatedReader(
      ObjectLocation location,
      Replicas replicas,
      BooleanSupplier storeClosed,
      ReplicatedObjectStore.Opening opening) {
    this.location = location;
    this.replicas = replicas;
    this.storeClosed = storeClosed;
    this.opening = opening;
  }

  /** Opens the object at the first replica that can. Once, before anything is read. */
  void openFirst() throws IOException {
    StorageRequest request = StorageRequest.open(location);
    replicas.run(request, null, this::isClosed, replica -> readerAt(replica, request));
  }

  @Override
  public ObjectLocation location() {
    return location;
  }

  @Override
  public void readFully(long position, ByteChunks target) throws IOException {
    StorageRequest request = StorageRequest.read(location, position, target.length());
    replicas.run(
        request,
        openReplica(),
        this::isClosed,
        replica -> {
          read(replica, request, target);
          return target;
        });
  }

  private void read(Replica replica, StorageRequest request, ByteChunks target) throws IOException {
    RangeReader reader = readerAt(replica, request);
    boolean done = false;
    try {
      reader.readFully(request.position(), target);
      done = true;
    } finally {
      if (!done) {
        drop(reader);
      }
    }
  }

  private RangeReader readerAt(Replica replica, StorageRequest request) throws IOException {
    synchronized (this) {
      checkOpen(request);
      if (current != null && current.replica().equals(replica)) {
        return current.reader();
      }
    }
    RangeReader opened = opening.open(replica.physical(location));
    RangeReader surplus = opened;
    try {
      synchronized (this) {
        checkOpen(request);
        surplus = current == null ? null : current.reader();
        current = new Open(replica, opened);
      }
    } finally {
      if (surplus != null) {
        closeQuietly(surplus);
      }
    }
    return opened;
  }

  private synchronized @Nullable Replica openReplica() {
    return current == null ? null : current.replica();
  }

  private void checkOpen(StorageRequest request) throws PermanentStorageException {
    if (closed) {
      throw new PermanentStorageException("Cannot " + request + ": the reader is closed");
    }
  }

  private boolean isClosed() {
    synchronized (this) {
      return closed || storeClosed.getAsBoolean();
    }
  }

  private void drop(RangeReader failed) {
    synchronized (this) {
      if (current != null && current.reader() == failed) {
        current = null;
      }
    }
    closeQuietly(failed);
  }

  private static void closeQuietly(RangeReader reader) {
    try {
      reader.close();
    } catch (IOException e) {
      // Nothing is read from it any more, and why it failed the caller sees elsewhere.
    }
  }

  @Override
  public void close() throws IOException {
    Open last;
    synchronized (this) {
      closed = true;
      last = current;
      current = null;
    }
    if (last != null) {
      last.reader().close();
    }
  }
}
