// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A question that several threads ask at the same time, one answer to which serves all that wanted
 * it before it was sent. What comes while one is on its way waits for the next one, which is sent
 * when that one is answered, or when a part of the usual time has gone by: so that who waits, with
 * memory in its hands, waits for little more than an answer takes, and the origin is asked a few
 * times in that time, not once for each.
 */
final class SharedQuestion {

  /** The next one is sent after the usual time by this at the latest. */
  static final int PARTS = 4;

  private static final long ANSWERED = 0;

  private final LongSupplier nanoClock;

  /** Threads that use it; guarded by the map that it is in. */
  int users;

  /** How many were sent; this and what follows is guarded by this. */
  private long sent;

  private long sentNanos;

  /** The numbers of those on their way. */
  private final TreeSet<Long> onTheirWay = new TreeSet<>();

  /** The highest number of one that was answered, and how that failed if it did. */
  private long answered;

  private @Nullable IOException failure;

  SharedQuestion(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** Asks the origin. */
  @FunctionalInterface
  interface Question {
    /** Returns if the answer is good. */
    void ask() throws IOException;
  }

  /**
   * Returns when a question was answered well that was sent after this was called, by this thread
   * or another one. The question of a thread that is interrupted counts for nobody else.
   *
   * @param usualNanos how long an answer takes; 0 if that is not known
   * @throws IOException its failure, the same for all whom it serves
   * @throws InterruptedException if the thread is interrupted while another asks
   */
  void ask(Question question, long usualNanos) throws IOException, InterruptedException {
    long mine = awaitTurn(usualNanos);
    if (mine == ANSWERED) {
      return;
    }
    IOException thrown = null;
    boolean isAnswer = false;
    try {
      question.ask();
      isAnswer = true;
    } catch (IOException e) {
      thrown = e;
      isAnswer = !isInterrupt(e);
      throw e;
    } finally {
      end(mine, isAnswer, thrown);
    }
  }

  /** The number of the question that the caller is to send, or that another one did it. */
  private synchronized long awaitTurn(long usualNanos) throws IOException, InterruptedException {
    long before = sent;
    while (true) {
      if (answered > before) {
        if (failure != null) {
          throw failure;
        }
        return ANSWERED;
      }
      boolean asked = !onTheirWay.isEmpty() && onTheirWay.last() > before;
      long left = usualNanos <= 0 ? 0 : sentNanos + usualNanos / PARTS - nanoClock.getAsLong();
      if (onTheirWay.isEmpty() || (!asked && usualNanos > 0 && left <= 0)) {
        sentNanos = nanoClock.getAsLong();
        onTheirWay.add(++sent);
        return sent;
      }
      if (asked || left <= 0) {
        wait();
      } else {
        wait(left / 1_000_000, (int) (left % 1_000_000));
      }
    }
  }

  private static boolean isInterrupt(IOException e) {
    return Thread.currentThread().isInterrupted() || e instanceof InterruptedIOException;
  }

  private synchronized void end(long number, boolean isAnswer, @Nullable IOException thrown) {
    onTheirWay.remove(number);
    if (isAnswer && number > answered) {
      answered = number;
      failure = thrown;
    }
    notifyAll();
  }
}
