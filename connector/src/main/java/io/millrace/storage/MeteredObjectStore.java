// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.IOException;
import java.util.List;

/** Counts the requests that reach a store, and the bytes that come back. */
final class MeteredObjectStore implements ObjectStore {

  private final ObjectStore base;
  private final OriginCounters counters;

  MeteredObjectStore(ObjectStore base, OriginCounters counters) {
    this.base = base;
    this.counters = counters;
  }

  @Override
  public List<ObjectStatus> list(ObjectLocation directory) throws IOException {
    return count(RequestKind.LIST, () -> base.list(directory));
  }

  @Override
  public ObjectStatus status(ObjectLocation object) throws IOException {
    return count(RequestKind.STATUS, () -> base.status(object));
  }

  @Override
  public ObjectStatus status(ObjectLocation object, ObjectVersion expected) throws IOException {
    return count(RequestKind.STATUS, () -> base.status(object, expected));
  }

  @Override
  public RangeReader open(ObjectLocation object) throws IOException {
    return new MeteredReader(count(RequestKind.OPEN, () -> base.open(object)));
  }

  @Override
  public RangeReader open(ObjectLocation object, ObjectVersion expected) throws IOException {
    return new MeteredReader(count(RequestKind.OPEN, () -> base.open(object, expected)));
  }

  private <T> T count(RequestKind kind, StorageCall<T> call) throws IOException {
    counters.countRequest(kind);
    boolean done = false;
    try {
      T result = call.run();
      done = true;
      return result;
    } catch (ThrottledException e) {
      counters.countThrottled();
      throw e;
    } finally {
      if (!done) {
        counters.countFailure();
      }
    }
  }

  private final class MeteredReader implements RangeReader {

    private final RangeReader reader;

    MeteredReader(RangeReader reader) {
      this.reader = reader;
    }

    @Override
    public ObjectLocation location() {
      return reader.location();
    }

    @Override
    public void readFully(long position, ByteChunks target) throws IOException {
      long length =
          count(
              RequestKind.READ,
              () -> {
                reader.readFully(position, target);
                return target.length();
              });
      counters.countBytes(length);
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }
}
