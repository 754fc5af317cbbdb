// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Inverts a byte of reads that another store serves well: bytes that go wrong on the way. */
public final class DamagingObjectStore implements ObjectStore {

  private static final int LAST = -1;

  private final ObjectStore store;
  private final AtomicInteger left = new AtomicInteger();
  private volatile int at = LAST;
  private volatile Predicate<TestingObjectStore.Request> which = request -> true;

  public DamagingObjectStore(ObjectStore store) {
    this.store = store;
  }

  /** Inverts the last byte of the next reads that a test chooses. */
  public void damageNext(int times, Predicate<TestingObjectStore.Request> chosen) {
    damageNext(times, chosen, LAST);
  }

  /**
   * Inverts one byte of the next reads that a test chooses.
   *
   * @param place of the byte in what is read, in its first chunk
   */
  public void damageNext(int times, Predicate<TestingObjectStore.Request> chosen, int place) {
    which = chosen;
    at = place;
    left.set(times);
  }

  private void damage(ByteChunks target) {
    int chunk = at == LAST ? target.chunks().length - 1 : 0;
    int place = at == LAST ? ByteChunks.chunkLength(target.length(), chunk) - 1 : at;
    target.chunks()[chunk][place] ^= (byte) 0xff;
  }

  @Override
  public List<ObjectStatus> list(ObjectLocation directory) throws IOException {
    return store.list(directory);
  }

  @Override
  public ObjectStatus status(ObjectLocation object) throws IOException {
    return store.status(object);
  }

  @Override
  public RangeReader open(ObjectLocation object) throws IOException {
    RangeReader reader = store.open(object);
    return new RangeReader() {
      @Override
      public ObjectLocation location() {
        return reader.location();
      }

      @Override
      public void readFully(long position, ByteChunks target) throws IOException {
        reader.readFully(position, target);
        TestingObjectStore.Request request =
            new TestingObjectStore.Request(
                TestingObjectStore.Operation.READ, object, position, target.length());
        if (which.test(request) && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
          damage(target);
        }
      }

      @Override
      public void close() throws IOException {
        reader.close();
      }
    };
  }
}
