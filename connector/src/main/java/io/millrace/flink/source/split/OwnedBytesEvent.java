// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.split;

import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.source.SourceEvent;

/**
 * The enumerator tells a reader how much of what is selected has its home in the reader's cache.
 * Readers that were not told yet assume all of it.
 *
 * @param ownedBytes stored bytes of these shards
 * @param allBytes those of all shards
 */
@Internal
public record OwnedBytesEvent(long ownedBytes, long allBytes) implements SourceEvent {

  private static final long serialVersionUID = 1L;

  public OwnedBytesEvent {
    if (ownedBytes < 0 || ownedBytes > allBytes) {
      throw new IllegalArgumentException(
          "Cannot own " + ownedBytes + " bytes of " + allBytes + " in all");
    }
  }

  /** That share of what a reader reads of the dataset, which may be less than is stored. */
  public long of(long storedBytes) {
    return ownedBytes == allBytes
        ? storedBytes
        : Math.round(storedBytes * ((double) ownedBytes / allBytes));
  }
}
