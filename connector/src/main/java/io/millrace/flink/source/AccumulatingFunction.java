// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source;

import io.millrace.flink.source.reader.LocalScans;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;

/**
 * Hands on everything as it is. When its task ends, well or not, it reports what this process's
 * readers of a scan have counted: after all that its own reader counted, because a reader counts
 * before it emits.
 *
 * @param <T> what the source emits
 */
final class AccumulatingFunction<T> extends RichMapFunction<T, T> {

  private static final long serialVersionUID = 1L;

  private final UUID scanId;
  private final Map<String, LocalCount> accumulators = new HashMap<>();

  AccumulatingFunction(UUID scanId) {
    this.scanId = scanId;
  }

  @Override
  public void open(OpenContext context) {
    for (String name : MillraceAccumulators.names()) {
      LocalCount accumulator = new LocalCount();
      getRuntimeContext().addAccumulator(name, accumulator);
      accumulators.put(name, accumulator);
    }
  }

  @Override
  public T map(T value) {
    return value;
  }

  @Override
  public void close() {
    String place = LocalScans.home() + "/" + scanId;
    LocalScans.counts(scanId)
        .forEach(
            (metric, count) -> {
              LocalCount accumulator = accumulators.get(MillraceAccumulators.PREFIX + metric);
              if (accumulator != null) {
                accumulator.add(new LocalCount.Report(place, count));
              }
            });
  }
}
