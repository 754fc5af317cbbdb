// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import io.millrace.sample.Bytes;
import io.millrace.sample.Sample;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes samples of one column of bytes, no faster than a set speed: as a training step does that
 * needs them. What was lost while it waited for a sample is not caught up.
 */
final class PacedTouch implements RecordTouch<Sample> {

  private static final long serialVersionUID = 1L;

  /** A sleep takes longer than it should by less than this, which is made up for. */
  private static final long CREDIT_NANOS = 10_000_000;

  private static final long SHORTEST_SLEEP_NANOS = 1_000_000;

  /** 0 for no bound. */
  private final double bytesPerNano;

  private long due = Long.MIN_VALUE;

  /**
   * @param megabytesPerSecond most of it, in 10⁶ bytes; 0 for no bound
   */
  PacedTouch(int megabytesPerSecond) {
    this.bytesPerNano = megabytesPerSecond / 1e3;
  }

  @Override
  public int size(Sample sample) {
    int bytes = sample.getBytes(0).size();
    if (bytesPerNano > 0) {
      pace(bytes);
    }
    return bytes;
  }

  private void pace(int bytes) {
    long now = System.nanoTime();
    long from = due == Long.MIN_VALUE ? now : Math.max(due, now - CREDIT_NANOS);
    due = from + (long) (bytes / bytesPerNano);
    while (due - now >= SHORTEST_SLEEP_NANOS) {
      LockSupport.parkNanos(due - now);
      now = System.nanoTime();
    }
  }

  @Override
  public byte lastByte(Sample sample) {
    Bytes bytes = sample.getBytes(0);
    return bytes.byteAt(bytes.size() - 1);
  }
}
