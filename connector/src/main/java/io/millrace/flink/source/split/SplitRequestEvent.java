// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.split;

import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.source.SourceEvent;

/**
 * A reader tells the enumerator where it stands and how many splits it can use.
 *
 * @param cacheIdentity names the cache that it reads through
 * @param cacheCapacityBytes what that cache can retain
 * @param received splits that it was assigned since it started, restored ones not counted: tells
 *     the enumerator which of its assignments the numbers below know of
 * @param wanted splits that it would take now
 * @param held splits that it has, read in part or not at all
 * @param oldestEpoch lowest epoch of these, {@link #HOLDS_NONE} without any
 */
@Internal
public record SplitRequestEvent(
    String cacheIdentity,
    long cacheCapacityBytes,
    long received,
    int wanted,
    int held,
    int oldestEpoch)
    implements SourceEvent {

  private static final long serialVersionUID = 1L;

  /** Value of {@link #oldestEpoch} of a reader that holds no split. */
  public static final int HOLDS_NONE = Integer.MAX_VALUE;

  /** Of a reader that has one split at most, of the given epoch. */
  public SplitRequestEvent(
      String cacheIdentity, long cacheCapacityBytes, long received, int wanted, int oldestEpoch) {
    this(
        cacheIdentity,
        cacheCapacityBytes,
        received,
        wanted,
        oldestEpoch == HOLDS_NONE ? 0 : 1,
        oldestEpoch);
  }
}
