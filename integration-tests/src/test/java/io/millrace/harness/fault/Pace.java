// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits of one request, which end with an error as soon as what it waits at is closed. */
final class Pace {

  /** So short that a client sees a steady stream. */
  private static final long PIECES_PER_SECOND = 20;

  private final FaultPlan plan;
  private final CountDownLatch closed;
  private final long began = System.nanoTime();
  private long bodyBegan = -1;
  private long bytes;

  Pace(FaultPlan plan, CountDownLatch closed) {
    this.plan = plan;
    this.closed = closed;
  }

  /** Before the origin is asked. */
  void before() throws IOException {
    await(plan.delay().toNanos());
  }

  /** After the origin's answer began. */
  void answered() throws IOException {
    await((long) ((plan.slower() - 1) * (System.nanoTime() - began)));
  }

  /** Most bytes that may be moved at once. */
  int piece(int most) {
    long steady = Math.max(1, plan.bytesPerSecond() / PIECES_PER_SECOND);
    return (int) Math.min(Math.min(most, plan.pieces()), steady);
  }

  /** Before so many bytes of a body are moved on. */
  void move(long count) throws IOException {
    if (plan.bytesPerSecond() == Long.MAX_VALUE) {
      return;
    }
    if (bodyBegan < 0) {
      bodyBegan = System.nanoTime();
    }
    bytes += count;
    double due = (double) bytes / plan.bytesPerSecond() * 1e9;
    await((long) due - (System.nanoTime() - bodyBegan));
  }

  /** Until it is closed. */
  void hang() throws IOException {
    await(Long.MAX_VALUE);
  }

  private void await(long nanos) throws IOException {
    if (nanos <= 0) {
      return;
    }
    try {
      if (closed.await(nanos, TimeUnit.NANOSECONDS)) {
        throw new IOException("closed after " + Duration.ofNanos(System.nanoTime() - began));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("Interrupted while a fault held the request up");
      interrupted.initCause(e);
      throw interrupted;
    }
  }
}
