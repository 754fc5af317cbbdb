// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.IOException;
import java.util.List;

/**
 * Gives up requests that take longer than a timeout.
 *
 * <p>Listing, status and opening run on a worker: the caller comes back in time whatever the store
 * does. A read runs on the caller's thread, because until it has ended it may write into memory
 * that is the caller's: it is ended by closing the reader from another thread and, if that does not
 * help for a second, by an interrupt. A store that ignores both keeps the caller until its own
 * timeout ends the read, such as {@code fs.s3a.connection.timeout}.
 */
final class TimedObjectStore implements ObjectStore {

  private final ObjectStore base;
  private final RequestTimer timer;
  private final OriginCounters counters;

  TimedObjectStore(ObjectStore base, RequestTimer timer, OriginCounters counters) {
    this.base = base;
    this.timer = timer;
    this.counters = counters;
  }

  @Override
  public List<ObjectStatus> list(ObjectLocation directory) throws IOException {
    return count(
        () -> timer.call(StorageRequest.list(directory), () -> base.list(directory), r -> {}));
  }

  @Override
  public ObjectStatus status(ObjectLocation object) throws IOException {
    return count(
        () -> timer.call(StorageRequest.status(object), () -> base.status(object), r -> {}));
  }

  @Override
  public ObjectStatus status(ObjectLocation object, ObjectVersion expected) throws IOException {
    return count(
        () ->
            timer.call(
                StorageRequest.status(object), () -> base.status(object, expected), r -> {}));
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
    RangeReader reader =
        count(
            () -> timer.call(StorageRequest.open(object), opener, TimedObjectStore::closeQuietly));
    return new TimedReader(reader);
  }

  private <T> T count(StorageCall<T> call) throws IOException {
    try {
      return call.run();
    } catch (RequestTimeoutException e) {
      counters.countTimeout();
      throw e;
    }
  }

  private static void closeQuietly(RangeReader reader) {
    try {
      reader.close();
    } catch (IOException e) {
      // Nobody uses it any more, and why it is closed is said elsewhere.
    }
  }

  private final class TimedReader implements RangeReader {

    private final RangeReader reader;
    private final ReadWatch watch;

    TimedReader(RangeReader reader) {
      this.reader = reader;
      this.watch = new ReadWatch(timer, () -> closeQuietly(reader));
    }

    @Override
    public ObjectLocation location() {
      return reader.location();
    }

    @Override
    public void readFully(long position, ByteChunks target) throws IOException {
      StorageRequest request = StorageRequest.read(location(), position, target.length());
      count(
          () -> {
            watch.run(
                request,
                () -> {
                  reader.readFully(position, target);
                  return target;
                });
            return target;
          });
    }

    /** Does not wait for a read in progress. */
    @Override
    public void close() throws IOException {
      if (!watch.close()) {
        reader.close();
      }
    }
  }
}
