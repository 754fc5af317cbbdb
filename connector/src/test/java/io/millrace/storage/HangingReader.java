// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A store of one reader whose reads never end by themselves. */
final class HangingReader implements ObjectStore, RangeReader {

  /** What ends a read. */
  enum Ends {
    ON_CLOSE,
    /** And closing waits for the read, as it does with the streams of HDFS. */
    ON_INTERRUPT
  }

  private final ObjectLocation location;
  private final Ends ends;
  private final CountDownLatch reading = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable String closedBy;

  HangingReader(ObjectLocation location, Ends ends) {
    this.location = location;
    this.ends = ends;
  }

  /** Returns once a read is in progress. */
  void awaitRead() throws InterruptedException {
    reading.await();
  }

  /** The name of the thread that closed it. */
  @Nullable String closedBy() {
    return closedBy;
  }

  @Override
  public List<ObjectStatus> list(ObjectLocation directory) {
    return List.of();
  }

  @Override
  public ObjectStatus status(ObjectLocation object) {
    return new ObjectStatus(object, new ObjectVersion(0, 0, ""), false);
  }

  @Override
  public RangeReader open(ObjectLocation object) {
    return this;
  }

  @Override
  public ObjectLocation location() {
    return location;
  }

  @Override
  public void readFully(long position, ByteChunks target) throws IOException {
    reading.countDown();
    try {
      ended.await();
    } catch (InterruptedException e) {
      ended.countDown();
      throw new InterruptedIOException("interrupted");
    }
    throw new IOException("closed");
  }

  @Override
  public void close() throws IOException {
    closedBy = Thread.currentThread().getName();
    if (ends == Ends.ON_CLOSE) {
      ended.countDown();
    }
    try {
      ended.await();
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted");
    }
  }
}
