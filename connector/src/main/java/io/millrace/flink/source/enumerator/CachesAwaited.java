// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.flink.source.split.MillraceSplit;
import java.time.Duration;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The beginning of a job whose shards have homes. The first reader that asks is alone and would own
 * everything: it would be given units of others and keep what they bring. So nobody is answered
 * before all readers have named their caches, which takes milliseconds where they start together;
 * but the wait has an end where some start when others have finished. Used by the enumerator's
 * thread alone.
 */
final class CachesAwaited {

  private static final Logger LOG = LoggerFactory.getLogger(CachesAwaited.class);

  /** From the first request on. */
  static final Duration LONGEST = Duration.ofSeconds(1);

  /** Flink calls again and again only what it calls later. */
  private static final Duration NEVER_AGAIN = Duration.ofDays(365);

  private final SplitEnumeratorContext<MillraceSplit> context;
  private boolean over;
  private boolean begun;
  private long begunNanos;

  private CachesAwaited(SplitEnumeratorContext<MillraceSplit> context, boolean over) {
    this.context = context;
    this.over = over;
  }

  static CachesAwaited by(SplitEnumeratorContext<MillraceSplit> context) {
    return new CachesAwaited(context, false);
  }

  /** Where it does not matter which caches there are. */
  static CachesAwaited none(SplitEnumeratorContext<MillraceSplit> context) {
    return new CachesAwaited(context, true);
  }

  /**
   * Notes how many readers have named their caches by now.
   *
   * @param atLast called if the wait ends because it took too long
   */
  void named(int readers, Runnable atLast) {
    if (over || readers == 0) {
      return;
    }
    long now = System.nanoTime();
    begunNanos = begun ? begunNanos : now;
    if (readers >= context.currentParallelism()) {
      over = true;
      LOG.info(
          "All {} readers have named their caches, within {} ms",
          readers,
          (now - begunNanos) / 1_000_000);
    } else if (!begun) {
      context.callAsync(
          () -> readers,
          (first, failure) -> endUnlessOver(atLast),
          LONGEST.toMillis(),
          NEVER_AGAIN.toMillis());
    }
    begun = true;
  }

  private void endUnlessOver(Runnable atLast) {
    if (!over) {
      over = true;
      LOG.info("Going on before all readers have named their caches");
      atLast.run();
    }
  }

  boolean isOver() {
    return over;
  }
}
