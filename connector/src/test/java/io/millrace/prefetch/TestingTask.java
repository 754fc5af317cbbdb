// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

import io.millrace.cache.ByteBudget.Reservation;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A task that says when it began, and ends when it is told to, in the way it is told to. */
final class TestingTask implements PrefetchTask<String> {

  /** Not small, so that as many requests are allowed as the settings say. */
  private static final long EXTENT = 4 << 20;

  private final String name;
  private final long bytes;
  private final @Nullable Throwable failure;
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch gate;
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger discarded = new AtomicInteger();
  private volatile @Nullable Thread openedBy;
  private volatile boolean ignoresInterrupts;

  private TestingTask(String name, long bytes, @Nullable Throwable failure, boolean gated) {
    this.name = name;
    this.bytes = bytes;
    this.failure = failure;
    this.gate = new CountDownLatch(gated ? 1 : 0);
  }

  static TestingTask quick(String name, long bytes) {
    return new TestingTask(name, bytes, null, false);
  }

  static TestingTask gated(String name, long bytes) {
    return new TestingTask(name, bytes, null, true);
  }

  static TestingTask failing(String name, long bytes, Throwable failure) {
    return new TestingTask(name, bytes, failure, false);
  }

  TestingTask ignoringInterrupts() {
    ignoresInterrupts = true;
    return this;
  }

  void end() {
    gate.countDown();
  }

  void awaitBegun() throws InterruptedException {
    begun.await();
  }

  boolean hasBegun() {
    return begun.getCount() == 0;
  }

  int opened() {
    return opened.get();
  }

  int discarded() {
    return discarded.get();
  }

  @Nullable Thread openedBy() {
    return openedBy;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public String open(Reservation memory, OriginRequests requests)
      throws IOException, InterruptedException {
    opened.incrementAndGet();
    openedBy = Thread.currentThread();
    requests.fetch(
        EXTENT,
        () -> {
          begun.countDown();
          awaitGate();
          return name;
        });
    if (failure != null) {
      TestingTask.<RuntimeException>sneak(failure);
    }
    return name;
  }

  private void awaitGate() throws InterruptedIOException {
    while (true) {
      try {
        gate.await();
        return;
      } catch (InterruptedException e) {
        if (!ignoresInterrupts) {
          throw new InterruptedIOException("interrupted");
        }
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void sneak(Throwable failure) throws E {
    throw (E) failure;
  }

  @Override
  public void discard(String result) {
    discarded.incrementAndGet();
  }
}
