// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.flink.source.split.MillraceSplitState;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.connector.base.source.reader.RecordEmitter;

/**
 * Hands samples to Flink and advances the cursor: on the task's thread, so that a checkpoint sees
 * both or neither.
 *
 * @param <T> what the source emits
 */
final class MillraceRecordEmitter<T> implements RecordEmitter<T, T, MillraceSplitState> {

  @Override
  public void emitRecord(T record, SourceOutput<T> output, MillraceSplitState state) {
    output.collect(record);
    state.advance();
  }
}
