// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.split;

import java.util.Map;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.source.SourceEvent;

/**
 * A reader that was restored with splits tells the enumerator which, before its first request. With
 * {@code scan.restore.on-change = restart-epoch} it is answered by {@link IncarnationEvent}.
 *
 * @param oldestEpochs by incarnation: the lowest epoch of the splits that are not read to their end
 */
@Internal
public record RestoredSplitsEvent(Map<Integer, Integer> oldestEpochs) implements SourceEvent {

  private static final long serialVersionUID = 1L;

  public RestoredSplitsEvent {
    oldestEpochs = Map.copyOf(oldestEpochs);
  }

  /** Whether there are splits of an incarnation before this one. */
  public boolean hasBefore(int incarnation) {
    return oldestEpochs.keySet().stream().anyMatch(of -> of < incarnation);
  }
}
