// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import io.millrace.flink.source.MillraceSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.table.connector.source.SourceProvider;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/**
 * Makes a table's source when the job is built: Flink asks for providers before it has pushed
 * anything, and what partitions hold that are not selected must not be looked for.
 */
final class RowSource implements SourceProvider {

  private final Supplier<MillraceSource<RowData>> maker;
  private final boolean bounded;
  private final @Nullable Integer parallelism;
  private @Nullable MillraceSource<RowData> source;

  /**
   * @param maker called at most once
   * @param bounded whether the source ends
   * @param parallelism of the scan; null for Flink's
   */
  RowSource(
      Supplier<MillraceSource<RowData>> maker, boolean bounded, @Nullable Integer parallelism) {
    this.maker = maker;
    this.bounded = bounded;
    this.parallelism = parallelism;
  }

  @Override
  public Source<RowData, ?, ?> createSource() {
    if (source == null) {
      source = maker.get();
    }
    return source;
  }

  @Override
  public boolean isBounded() {
    return bounded;
  }

  @Override
  public Optional<Integer> getParallelism() {
    return Optional.ofNullable(parallelism);
  }
}
