// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The roots that hold the same dataset, in order of preference. Thread-safe.
 *
 * <p>An attempt of a request asks them one after the other until one answers: first those that are
 * believed to work, in order, then the others.
 */
final class Replicas {

  private final List<Replica> replicas = new ArrayList<>();
  private final OriginCounters counters;

  /** A request, to be made at one replica. */
  @FunctionalInterface
  interface Call<T> {
    T at(Replica replica) throws IOException;
  }

  /**
   * @param roots the primary first; all different
   */
  Replicas(List<ObjectLocation> roots, StorageClock clock, OriginCounters counters) {
    for (ObjectLocation root : roots) {
      if (replicas.stream().anyMatch(replica -> replica.root().equals(root))) {
        throw new IllegalArgumentException("Cannot use " + root + " twice as a replica");
      }
      replicas.add(Replica.of(replicas.size(), root, roots.get(0), clock));
    }
    this.counters = counters;
  }

  /**
   * Makes one attempt of a request.
   *
   * @param preferred the replica to ask first if it is believed to work, null for the usual order
   * @param stop whether what the request needs was closed: then a failure is no replica's fault,
   *     and final
   * @throws java.io.InterruptedIOException if the thread is interrupted; its flag stays set
   */
  <T> T run(StorageRequest request, @Nullable Replica preferred, BooleanSupplier stop, Call<T> call)
      throws IOException {
    Attempt<T> attempt = new Attempt<>(request, stop, call);
    List<Replica> avoided = new ArrayList<>();
    for (Replica replica : inOrder(preferred)) {
      ReplicaHealth.Turn turn = replica.health().turn();
      if (turn == null) {
        avoided.add(replica);
        continue;
      }
      Optional<T> result = attempt.at(replica, turn);
      if (result.isPresent()) {
        return result.get();
      }
    }
    for (Replica replica : avoided) {
      Optional<T> result = attempt.at(replica, replica.health().lastResort());
      if (result.isPresent()) {
        return result.get();
      }
    }
    throw attempt.failures.combined();
  }

  private List<Replica> inOrder(@Nullable Replica preferred) {
    if (preferred == null || preferred.isPrimary()) {
      return replicas;
    }
    List<Replica> order = new ArrayList<>(replicas);
    order.remove(preferred.index());
    order.add(0, preferred);
    return order;
  }

  private final class Attempt<T> {

    private final StorageRequest request;
    private final BooleanSupplier stop;
    private final Call<T> call;
    private final ReplicaFailures failures;

    Attempt(StorageRequest request, BooleanSupplier stop, Call<T> call) {
      this.request = request;
      this.stop = stop;
      this.call = call;
      this.failures = new ReplicaFailures(request, replicas);
    }

    /** The answer of a replica, empty after a failure that another one may not have. */
    Optional<T> at(Replica replica, ReplicaHealth.Turn turn) throws IOException {
      try (turn) {
        T result;
        try {
          result = call.at(replica);
        } catch (IOException e) {
          checkGoOn(e);
          turn.failed(e);
          failures.add(replica, e);
          return Optional.empty();
        }
        turn.succeeded();
        if (!replica.isPrimary()) {
          counters.countFallback();
        }
        return Optional.of(result);
      }
    }

    private void checkGoOn(IOException failure) throws IOException {
      if (Interrupts.isInterrupt(failure) || stop.getAsBoolean()) {
        throw failure;
      }
      if (Thread.currentThread().isInterrupted()) {
        InterruptedIOException interrupted =
            Interrupts.asIoException(request, new InterruptedException());
        interrupted.addSuppressed(failure);
        throw interrupted;
      }
    }
  }
}
