// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.util.Optional;

/**
 * Whom to ask for the memory of a read that is made a second time, whose bytes go to arrays of
 * their own. Thread-safe; called without any lock of this package.
 */
@FunctionalInterface
public interface HedgeMemory {

  /** As much as the heap has. */
  HedgeMemory UNBOUNDED = bytes -> Optional.of(() -> {});

  /**
   * Takes memory, if there is some to spare.
   *
   * @param bytes at least 1
   * @return gives it back, to be run once; empty if there is none: the request is not made a second
   *     time
   */
  Optional<Runnable> tryTake(long bytes);
}
