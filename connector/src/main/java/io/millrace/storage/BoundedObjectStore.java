// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.IOException;
import java.util.List;

/** Asks a store only as often and as much at once as a limiter allows. */
final class BoundedObjectStore implements ObjectStore {

  private final ObjectStore base;
  private final RequestLimiter limiter;

  BoundedObjectStore(ObjectStore base, RequestLimiter limiter) {
    this.base = base;
    this.limiter = limiter;
  }

  @Override
  public List<ObjectStatus> list(ObjectLocation directory) throws IOException {
    return limit(StorageRequest.list(directory), () -> base.list(directory));
  }

  @Override
  public ObjectStatus status(ObjectLocation object) throws IOException {
    return limit(StorageRequest.status(object), () -> base.status(object));
  }

  @Override
  public ObjectStatus status(ObjectLocation object, ObjectVersion expected) throws IOException {
    return limit(StorageRequest.status(object), () -> base.status(object, expected));
  }

  @Override
  public RangeReader open(ObjectLocation object) throws IOException {
    return new BoundedReader(limit(StorageRequest.open(object), () -> base.open(object)));
  }

  @Override
  public RangeReader open(ObjectLocation object, ObjectVersion expected) throws IOException {
    return new BoundedReader(limit(StorageRequest.open(object), () -> base.open(object, expected)));
  }

  private <T> T limit(StorageRequest request, StorageCall<T> call) throws IOException {
    limiter.begin(request);
    try {
      return call.run();
    } finally {
      limiter.end();
    }
  }

  private final class BoundedReader implements RangeReader {

    private final RangeReader reader;

    BoundedReader(RangeReader reader) {
      this.reader = reader;
    }

    @Override
    public ObjectLocation location() {
      return reader.location();
    }

    @Override
    public void readFully(long position, ByteChunks target) throws IOException {
      limit(
          StorageRequest.read(location(), position, target.length()),
          () -> {
            reader.readFully(position, target);
            return target;
          });
    }

    /** Does not count as a request, so that it never waits behind those it is to end. */
    @Override
    public void close() throws IOException {
      reader.close();
    }
  }
}
