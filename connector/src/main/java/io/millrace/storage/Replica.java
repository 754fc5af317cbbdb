// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

/**
 * One of the roots that hold the same dataset. The first is the primary: callers name objects by
 * where they lie below it, their <em>logical</em> location.
 *
 * @param index its place in the order of preference, 0 for the primary
 * @param root where it lies
 * @param toPhysical from logical locations to those below this root
 * @param toLogical and back
 * @param health whether it is worth asking
 */
record Replica(
    int index,
    ObjectLocation root,
    RootMapping toPhysical,
    RootMapping toLogical,
    ReplicaHealth health) {

  static Replica of(int index, ObjectLocation root, ObjectLocation primary, StorageClock clock) {
    return new Replica(
        index,
        root,
        new RootMapping(primary, root),
        new RootMapping(root, primary),
        new ReplicaHealth(root, clock));
  }

  boolean isPrimary() {
    return index == 0;
  }

  /** Where an object lies here. */
  ObjectLocation physical(ObjectLocation logical) {
    return toPhysical.map(logical);
  }

  /**
   * What this replica says of an object, as all of them say it: each has modification times and
   * tags of its own, so that only the length is left of the version.
   */
  ObjectStatus logical(ObjectStatus status) {
    return new ObjectStatus(
        toLogical.map(status.location()), status.version().withLengthOnly(), status.directory());
  }
}
