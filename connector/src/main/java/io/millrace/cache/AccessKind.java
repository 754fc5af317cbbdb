// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

/**
 * How a reader got the bytes of an extent when it first touched it in an epoch. Each first touch is
 * exactly one of these; later touches in the same epoch are not counted.
 */
public enum AccessKind {
  /** It was resident and had not been fetched for this epoch: the origin was spared. */
  HIT,
  /** It had been fetched ahead for this reader and was there in time: the wait was spared. */
  PREFETCH_HIT,
  /** It was being fetched ahead, and the reader waited for the rest. */
  LATE_PREFETCH,
  /** The reader had to fetch it itself. */
  MISS
}
