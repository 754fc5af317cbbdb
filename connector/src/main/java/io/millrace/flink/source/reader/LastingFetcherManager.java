// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import java.util.function.Supplier;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.source.reader.fetcher.SingleThreadFetcherManager;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;

/**
 * Keeps one fetcher until nothing will come any more, rather than end it whenever it is idle and
 * begin another one. Flink's queue between fetcher and reader may else wake the one that has ended
 * instead of the new one, and the job stands still for ever (FLINK-37663, in all versions that are
 * supported here).
 *
 * @param <E> what is fetched
 * @param <SplitT> what it is fetched from
 */
final class LastingFetcherManager<E, SplitT extends SourceSplit>
    extends SingleThreadFetcherManager<E, SplitT> {

  private boolean noMoreSplits;

  LastingFetcherManager(
      Supplier<SplitReader<E, SplitT>> splitReaders, Configuration configuration) {
    super(splitReaders, configuration);
  }

  /** Lets the fetcher end when it is idle; called by the task's thread. */
  void noMoreSplits() {
    noMoreSplits = true;
  }

  @Override
  public boolean maybeShutdownFinishedFetchers() {
    return noMoreSplits && super.maybeShutdownFinishedFetchers();
  }
}
