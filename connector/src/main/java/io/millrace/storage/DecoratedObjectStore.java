// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The outermost decorator: owns the threads of those beneath, and the store at the bottom. After
 * {@link #close} every request fails with a {@link PermanentStorageException}.
 */
public final class DecoratedObjectStore implements ObjectStore, Closeable {

  private final Layers layers;
  private final ObjectStore retrying;
  private final Map<List<ObjectLocation>, ObjectStore> replicated = new ConcurrentHashMap<>();

  /**
   * What it is made of.
   *
   * @param base the store at the bottom
   * @param timer the threads of the decorators
   * @param bounded the base, metered, timed and bounded
   * @param retries what goes around that
   * @param clock the time of the decorators
   * @param counters where they count
   */
  record Layers(
      ObjectStore base,
      RequestTimer timer,
      ObjectStore bounded,
      Retries retries,
      StorageClock clock,
      OriginCounters counters) {}

  DecoratedObjectStore(Layers layers) {
    this.layers = layers;
    this.retrying = new RetryingObjectStore(layers.bounded(), layers.retries());
  }

  /**
   * This store for a dataset that several roots hold: with the same retries, bounds, timers and
   * counters, and before a request is sent again the other roots are asked. Whoever asks for the
   * same roots gets the same store, so that all know which of them work.
   *
   * <p>Its objects are named by where they lie below the first root, and it has only those. Their
   * versions are lengths, without time and tag, because copies do not have these in common.
   *
   * @param roots in order of preference, at least one, all different
   * @return the store, closed with this one; with one root this one
   */
  public ObjectStore replicated(List<ObjectLocation> roots) {
    if (roots.isEmpty()) {
      throw new IllegalArgumentException("Cannot read from no root");
    }
    return roots.size() == 1 ? this : replicated.computeIfAbsent(List.copyOf(roots), this::over);
  }

  private ObjectStore over(List<ObjectLocation> roots) {
    Replicas replicas = new Replicas(roots, layers.clock(), layers.counters());
    roots.forEach(layers.timer()::countApart);
    return new RetryingObjectStore(
        new ReplicatedObjectStore(layers.bounded(), replicas, layers.timer()::isClosed),
        layers.retries());
  }

  /**
   * This store without retries, for what is not worth waiting for; closed with this one. Time-outs
   * and bounds hold.
   */
  public ObjectStore once() {
    return layers.bounded();
  }

  @Override
  public List<ObjectStatus> list(ObjectLocation directory) throws IOException {
    return retrying.list(directory);
  }

  @Override
  public ObjectStatus status(ObjectLocation object) throws IOException {
    return retrying.status(object);
  }

  @Override
  public ObjectStatus status(ObjectLocation object, ObjectVersion expected) throws IOException {
    return retrying.status(object, expected);
  }

  @Override
  public RangeReader open(ObjectLocation object) throws IOException {
    return retrying.open(object);
  }

  @Override
  public RangeReader open(ObjectLocation object, ObjectVersion expected) throws IOException {
    return retrying.open(object, expected);
  }

  /** Threads of this store that have not ended. */
  int liveThreads() {
    return layers.timer().liveThreads();
  }

  /** Ends the threads; interrupts what is under way and does not wait for it. */
  @Override
  public void close() throws IOException {
    layers.timer().close();
    if (layers.base() instanceof Closeable closeable) {
      closeable.close();
    }
  }
}
