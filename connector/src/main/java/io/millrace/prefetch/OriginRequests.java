// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

import java.io.IOException;

/**
 * How a task asks the origin: when it is its turn. Used by the threads that open the task until
 * {@link PrefetchTask#open} returns; thread-safe. Nothing that is run here may wait for another
 * request of a task.
 */
public interface OriginRequests {

  /** Runs everything at once. */
  OriginRequests UNBOUNDED =
      new OriginRequests() {
        @Override
        public <T> T fetch(long bytes, Call<T> call) throws IOException {
          return call.run();
        }

        @Override
        public <T> T look(Call<T> call) throws IOException {
          return call.run();
        }

        @Override
        public <T> T share(SharedCall<T> call) throws IOException, InterruptedException {
          return call.run();
        }
      };

  /**
   * Runs a request that brings bytes, on the calling thread. Waits while as many of them are in
   * flight as are allowed; those of tasks that come earlier go first.
   *
   * @param bytes how many it brings
   * @throws java.io.InterruptedIOException if the thread is interrupted while it waits, its flag
   *     stays set; or if the prefetcher is closed meanwhile
   */
  <T> T fetch(long bytes, Call<T> call) throws IOException;

  /**
   * Runs a request that brings no bytes, such as for an object's version, or waits for another
   * task's answer to the same; not for a turn.
   */
  <T> T look(Call<T> call) throws IOException;

  /**
   * Runs what waits for bytes that another task is fetching, or else brings them by {@link #fetch}.
   * Takes no turn itself. What waits here keeps no other task from being begun: all units of a
   * shard wait for the one that fetches where its samples lie.
   *
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  <T> T share(SharedCall<T> call) throws IOException, InterruptedException;

  /**
   * One request.
   *
   * @param <T> its answer
   */
  @FunctionalInterface
  interface Call<T> {
    T run() throws IOException;
  }

  /**
   * A request that others may be making.
   *
   * @param <T> its answer
   */
  @FunctionalInterface
  interface SharedCall<T> {
    T run() throws IOException, InterruptedException;
  }
}
