// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.flink.source.split.MillraceSplitState;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.connector.base.source.reader.RecordEmitter;

/**
 * Hands samples to Flink and advances the cursor: on the task's thread, so that a checkpoint sees
 * both or neither. Samples that were left out advance it, too.
 *
 * @param <T> what the source emits
 */
final class MillraceRecordEmitter<T> implements RecordEmitter<Object, T, MillraceSplitState> {

  private final SkipReports skips;

  MillraceRecordEmitter(SkipReports skips) {
    this.skips = skips;
  }

  @Override
  public void emitRecord(Object record, SourceOutput<T> output, MillraceSplitState state) {
    if (record instanceof LeftOut leftOut) {
      state.leaveOut(leftOut.count());
      skips.leftOut(state, leftOut);
      return;
    }
    @SuppressWarnings("unchecked") // a batch has nothing else
    T sample = (T) record;
    output.collect(sample);
    state.advance();
  }
}
