// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A question that several threads ask at the same time, one answer to which serves all that wanted
 * it before it was sent. At most one is on its way; what comes meanwhile waits for the next one.
 */
final class SharedQuestion {

  /** Threads that use it; guarded by the map that it is in. */
  int users;

  /** How many were sent; this and what follows is guarded by this. */
  private long sent;

  private boolean onItsWay;

  /** The number of the last one that was answered, and how it failed if it did. */
  private long answered;

  private @Nullable IOException failure;

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
   * @throws IOException its failure, the same for all whom it serves
   * @throws InterruptedException if the thread is interrupted while another asks
   */
  void ask(Question question) throws IOException, InterruptedException {
    long mine;
    synchronized (this) {
      long before = sent;
      while (onItsWay) {
        wait();
        if (answered > before) {
          throwFailure();
          return;
        }
      }
      onItsWay = true;
      mine = ++sent;
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

  private static boolean isInterrupt(IOException e) {
    return Thread.currentThread().isInterrupted() || e instanceof InterruptedIOException;
  }

  private synchronized void end(long number, boolean isAnswer, @Nullable IOException thrown) {
    onItsWay = false;
    if (isAnswer) {
      answered = number;
      failure = thrown;
    }
    notifyAll();
  }

  private void throwFailure() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }
}
