// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Asks the next root that holds the same dataset when one fails: each request for itself, whatever
 * the failure, and without a wait. When all fail, the failure is of a kind that may pass if that of
 * one of them is.
 *
 * <p>Objects are named by where they lie below the first root, in requests as in answers. Their
 * versions are lengths only, since copies have modification times and tags of their own: that an
 * object was replaced by one of the same length shows by its hash or its format, or not at all.
 */
final class ReplicatedObjectStore implements ObjectStore {

  private final ObjectStore base;
  private final Replicas replicas;
  private final BooleanSupplier closed;

  /**
   * @param closed whether the base was closed, so that its failures say nothing of a replica
   */
  ReplicatedObjectStore(ObjectStore base, Replicas replicas, BooleanSupplier closed) {
    this.base = base;
    this.replicas = replicas;
    this.closed = closed;
  }

  /** The listing of one replica; two are never merged. */
  @Override
  public List<ObjectStatus> list(ObjectLocation directory) throws IOException {
    return replicas.run(
        StorageRequest.list(directory),
        null,
        closed,
        replica -> base.list(replica.physical(directory)).stream().map(replica::logical).toList());
  }

  @Override
  public ObjectStatus status(ObjectLocation object) throws IOException {
    return replicas.run(
        StorageRequest.status(object),
        null,
        closed,
        replica -> replica.logical(base.status(replica.physical(object))));
  }

  @Override
  public ObjectStatus status(ObjectLocation object, ObjectVersion expected) throws IOException {
    return replicas.run(
        StorageRequest.status(object),
        null,
        closed,
        replica -> replica.logical(agreeing(replica.physical(object), expected)));
  }

  @Override
  public RangeReader open(ObjectLocation object) throws IOException {
    return open(object, base::open);
  }

  /** Each replica is asked for its version first, and read only if the length is that. */
  @Override
  public RangeReader open(ObjectLocation object, ObjectVersion expected) throws IOException {
    return open(object, physical -> base.open(physical, agreeing(physical, expected).version()));
  }

  /** The status of a copy, so that a cut or an outdated one is left for the next replica's. */
  private ObjectStatus agreeing(ObjectLocation physical, ObjectVersion expected)
      throws IOException {
    ObjectStatus status = base.status(physical);
    ObjectVersion length = status.version().withLengthOnly();
    if (!length.agreesWith(expected)) {
      throw new ObjectChangedException(physical, expected.withLengthOnly(), length);
    }
    return status;
  }

  private RangeReader open(ObjectLocation object, Opening opening) throws IOException {
    ReplicatedReader reader = new ReplicatedReader(object, replicas, closed, opening);
    reader.openFirst();
    return reader;
  }

  /** Opens an object at the place where it lies. */
  @FunctionalInterface
  interface Opening {
    RangeReader open(ObjectLocation physical) throws IOException;
  }
}
