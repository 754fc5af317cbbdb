// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.split;

import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.source.SourceEvent;

/**
 * A reader tells the enumerator how many samples of a split were left out. It is answered by {@link
 * SkipsCountedEvent}.
 *
 * @param epoch the split's epoch
 * @param rank the split's rank
 * @param skipped samples that were left out of it up to now, by earlier readers included: the same
 *     report twice counts once
 * @param finished whether the split was read to its end
 * @param last which one was left out last, and why
 * @param number counts the reader's reports from 1
 */
@Internal
public record SkippedSamplesEvent(
    int epoch, long rank, long skipped, boolean finished, String last, long number)
    implements SourceEvent {

  private static final long serialVersionUID = 1L;
}
