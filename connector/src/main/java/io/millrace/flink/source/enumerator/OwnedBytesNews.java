// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.flink.source.split.OwnedBytesEvent;
import java.util.Map;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;

/**
 * Tells readers what has its home in their caches, whenever that is something else than they know.
 * Used by the enumerator's thread alone.
 */
final class OwnedBytesNews {

  private final SplitEnumeratorContext<MillraceSplit> context;
  private final ReaderRegistry readers;

  OwnedBytesNews(SplitEnumeratorContext<MillraceSplit> context, ReaderRegistry readers) {
    this.context = context;
    this.readers = readers;
  }

  /** Tells all who are there and do not know yet. */
  void tell(CacheHomes homes) {
    for (int subtask : readers.atWork()) {
      OwnedBytesEvent owned =
          new OwnedBytesEvent(homes.ownedBytes(readers.cacheOf(subtask)), homes.bytes());
      if (isThere(subtask) && readers.isNews(subtask, owned)) {
        send(subtask, owned);
      }
    }
  }

  private void send(int subtask, OwnedBytesEvent owned) {
    int attempt = readers.attemptOf(subtask);
    if (attempt == ReaderRegistry.NO_ATTEMPT) {
      context.sendEventToSourceReader(subtask, owned);
    } else {
      context.sendEventToSourceReader(subtask, attempt, owned);
    }
  }

  private boolean isThere(int subtask) {
    int attempt = readers.attemptOf(subtask);
    return attempt == ReaderRegistry.NO_ATTEMPT
        ? context.registeredReaders().containsKey(subtask)
        : context
            .registeredReadersOfAttempts()
            .getOrDefault(subtask, Map.of())
            .containsKey(attempt);
  }
}
