// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Sends requests again while their errors may pass; a reader is opened anew before that. */
final class RetryingObjectStore implements ObjectStore {

  private final ObjectStore base;
  private final Retries retries;
  private final CountDownLatch never = new CountDownLatch(1);

  RetryingObjectStore(ObjectStore base, Retries retries) {
    this.base = base;
    this.retries = retries;
  }

  @Override
  public List<ObjectStatus> list(ObjectLocation directory) throws IOException {
    return retries.run(StorageRequest.list(directory), never, () -> base.list(directory));
  }

  @Override
  public ObjectStatus status(ObjectLocation object) throws IOException {
    return retries.run(StorageRequest.status(object), never, () -> base.status(object));
  }

  @Override
  public ObjectStatus status(ObjectLocation object, ObjectVersion expected) throws IOException {
    return retries.run(StorageRequest.status(object), never, () -> base.status(object, expected));
  }

  @Override
  public RangeReader open(ObjectLocation object) throws IOException {
    return open(object, () -> base.open(object));
  }

  @Override
  public RangeReader open(ObjectLocation object, ObjectVersion expected) throws IOException {
    return open(object, () -> base.open(object, expected));
  }

  private RangeReader open(ObjectLocation object, StorageCall<RangeReader> opener)
      throws IOException {
    RangeReader first = retries.run(StorageRequest.open(object), never, opener);
    return new RetryingReader(object, opener, first);
  }

  private final class RetryingReader implements RangeReader {

    private final ObjectLocation location;
    private final StorageCall<RangeReader> opener;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Null after a failure, until the next attempt; guarded by this. */
    private @Nullable RangeReader current;

    RetryingReader(ObjectLocation location, StorageCall<RangeReader> opener, RangeReader first) {
      this.location = location;
      this.opener = opener;
      this.current = first;
    }

    @Override
    public ObjectLocation location() {
      return location;
    }

    @Override
    public void readFully(long position, ByteChunks target) throws IOException {
      StorageRequest request = StorageRequest.read(location, position, target.length());
      retries.run(
          request,
          closed,
          () -> {
            attempt(request, target);
            return target;
          });
    }

    private void attempt(StorageRequest request, ByteChunks target) throws IOException {
      RangeReader reader = openReader(request);
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

    private RangeReader openReader(StorageRequest request) throws IOException {
      synchronized (this) {
        checkOpen(request);
        if (current != null) {
          return current;
        }
      }
      RangeReader opened = opener.run();
      boolean kept = false;
      try {
        synchronized (this) {
          checkOpen(request);
          current = opened;
          kept = true;
        }
      } finally {
        if (!kept) {
          closeQuietly(opened);
        }
      }
      return opened;
    }

    private void checkOpen(StorageRequest request) throws PermanentStorageException {
      if (closed.getCount() == 0) {
        throw new PermanentStorageException("Cannot " + request + ": the reader is closed");
      }
    }

    private void drop(RangeReader failed) {
      synchronized (this) {
        if (current == failed) {
          current = null;
        }
      }
      closeQuietly(failed);
    }

    private static void closeQuietly(RangeReader reader) {
      try {
        reader.close();
      } catch (IOException e) {
        // It failed before, and that failure is what the caller sees.
      }
    }

    @Override
    public void close() throws IOException {
      RangeReader last;
      synchronized (this) {
        closed.countDown();
        last = current;
        current = null;
      }
      if (last != null) {
        last.close();
      }
    }
  }
}
