// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.split;

import org.apache.flink.annotation.Internal;

/** How far a reader has emitted a split. Owned by the task's thread. */
@Internal
public final class MillraceSplitState {

  private final MillraceSplit split;
  private long consumed;
  private long skipped;

  public MillraceSplitState(MillraceSplit split) {
    this.split = split;
    this.consumed = split.consumed();
    this.skipped = split.skipped();
  }

  /** Called by the emitter alone, after it handed a sample to Flink. */
  public void advance() {
    consumed++;
  }

  /** Called by the emitter alone, where samples were left out. */
  public void leaveOut(long count) {
    consumed += count;
    skipped += count;
  }

  /** Samples of the split that were left out, by earlier attempts and readers included. */
  public long skipped() {
    return skipped;
  }

  public MillraceSplit split() {
    return split;
  }

  /** The split as a checkpoint holds it. */
  public MillraceSplit toSplit() {
    return split.at(consumed, skipped);
  }
}
