// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

import java.io.IOException;
import java.util.Optional;

/**
 * Opens a reader's tasks ahead of it, in their order. {@link #add}, {@link #head}, {@link #take}
 * and {@link #close} are called by the reader's thread; {@link #wakeUp} by any.
 *
 * <p>A task that fails does not stop the others: its error is thrown by the {@link #take} that
 * would have returned it, and only then.
 *
 * @param <T> what tasks open
 */
public interface Prefetcher<T> extends AutoCloseable {

  /** Adds a task behind all others; never blocks. */
  void add(PrefetchTask<T> task);

  /** Number of tasks that were added and not yet taken. */
  int size();

  /** How far the first task is. */
  Head head();

  /**
   * Takes the first task's result; waits for it if it is under way, and opens it on the calling
   * thread, beyond the budget if need be, if it was not begun.
   *
   * @return empty when {@link #wakeUp} came first or there is no task; the task stays first then
   * @throws IOException the task's own failure; the task is gone then
   */
  Optional<Prefetched<T>> take() throws IOException, InterruptedException;

  /** Makes a waiting {@link #take}, or the next one that would wait, return empty. */
  void wakeUp();

  /**
   * May come from another thread than the reader's, if that one does not come to it.
   *
   * <p>Interrupts what is under way, on the reader's thread, too, discards what was opened, gives
   * back all memory, and waits for its threads to end for a bounded time.
   */
  @Override
  void close();

  /** State of the first task. */
  enum Head {
    /** There is none. */
    NONE,
    /** Not begun: the budget or the bound on requests does not allow it yet. */
    WAITING,
    /** Under way. */
    OPENING,
    /** Done or failed: {@link #take} returns at once. */
    READY
  }
}
