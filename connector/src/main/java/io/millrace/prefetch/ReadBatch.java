// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

import io.millrace.prefetch.ParallelReads.Read;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The reads of one call, the thread that made it and those that help it. One lock guards what they
 * share; reads run outside of it.
 *
 * @param <T> what a read gives
 */
final class ReadBatch<T> {

  private final List<? extends Read<T>> reads;
  private final Consumer<T> discard;
  private final @Nullable Object[] results;
  private final Set<Thread> helpers = new HashSet<>();
  private int next;
  private int ended;
  private boolean abandoned;
  private @Nullable Throwable failure;

  ReadBatch(List<? extends Read<T>> reads, Consumer<T> discard) {
    this.reads = reads;
    this.discard = discard;
    this.results = new @Nullable Object[reads.size()];
  }

  /** Reads that nobody has begun. */
  synchronized int left() {
    return reads.size() - next;
  }

  /**
   * Makes one read on the thread of the call.
   *
   * @return false if there was none left
   */
  boolean readNext() throws IOException, InterruptedException {
    int index = take();
    if (index < 0) {
      return false;
    }
    put(index, reads.get(index).read());
    return true;
  }

  private synchronized int take() throws IOException, InterruptedException {
    throwFailure();
    return next < reads.size() && !abandoned ? next++ : -1;
  }

  private void put(int index, T result) {
    synchronized (this) {
      if (!abandoned) {
        results[index] = result;
        ended++;
        notifyAll();
        return;
      }
    }
    discard.accept(result);
  }

  /** Makes reads on another thread until none is left. */
  void help() {
    synchronized (this) {
      if (abandoned) {
        return;
      }
      helpers.add(Thread.currentThread());
    }
    try {
      while (readNext()) {
        // one after the other
      }
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      fail(e);
    } finally {
      synchronized (this) {
        helpers.remove(Thread.currentThread());
      }
      Thread.interrupted(); // an interrupt by abandon() was for this batch alone
    }
  }

  private synchronized void fail(Throwable thrown) {
    if (failure == null) {
      failure = thrown;
    }
    notifyAll();
  }

  /** Waits for the helpers' reads and returns all results. */
  synchronized List<T> await() throws IOException, InterruptedException {
    while (ended < reads.size() && failure == null) {
      wait();
    }
    throwFailure();
    List<T> all = new ArrayList<>(results.length);
    for (@Nullable Object result : results) {
      @SuppressWarnings({"unchecked", "NullAway"}) // put() got it as a T, and all have ended
      T given = (T) result;
      all.add(given);
    }
    return all;
  }

  private synchronized void throwFailure() throws IOException, InterruptedException {
    if (failure instanceof InterruptedException) {
      // The helper was interrupted, by a pool that is being closed, not the caller.
      InterruptedIOException interrupted = new InterruptedIOException("A helper was interrupted");
      interrupted.initCause(failure);
      throw interrupted;
    }
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }

  /** Ends it without a result. */
  void abandon() {
    List<T> given = new ArrayList<>();
    synchronized (this) {
      abandoned = true;
      for (int i = 0; i < results.length; i++) {
        @SuppressWarnings("unchecked")
        @Nullable T result = (T) results[i];
        if (result != null) {
          given.add(result);
          results[i] = null;
        }
      }
      helpers.forEach(Thread::interrupt);
    }
    given.forEach(discard);
  }
}
