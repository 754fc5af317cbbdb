// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * The outermost decorator: owns the threads of those beneath, and the store at the bottom. After
 * {@link #close} every request fails with a {@link PermanentStorageException}.
 */
public final class DecoratedObjectStore implements ObjectStore, Closeable {

  private final ObjectStore decorated;
  private final RequestTimer timer;
  private final ObjectStore base;

  DecoratedObjectStore(ObjectStore decorated, RequestTimer timer, ObjectStore base) {
    this.decorated = decorated;
    this.timer = timer;
    this.base = base;
  }

  @Override
  public List<ObjectStatus> list(ObjectLocation directory) throws IOException {
    return decorated.list(directory);
  }

  @Override
  public ObjectStatus status(ObjectLocation object) throws IOException {
    return decorated.status(object);
  }

  @Override
  public RangeReader open(ObjectLocation object) throws IOException {
    return decorated.open(object);
  }

  @Override
  public RangeReader open(ObjectLocation object, ObjectVersion expected) throws IOException {
    return decorated.open(object, expected);
  }

  /** Threads of this store that have not ended. */
  int liveThreads() {
    return timer.liveThreads();
  }

  /** Ends the threads; interrupts what is under way and does not wait for it. */
  @Override
  public void close() throws IOException {
    timer.close();
    if (base instanceof Closeable closeable) {
      closeable.close();
    }
  }
}
