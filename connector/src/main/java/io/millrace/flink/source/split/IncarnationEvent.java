// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.split;

import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.source.SourceEvent;

/**
 * The enumerator tells a reader which of its restored splits are to be read.
 *
 * @param current incarnation of the dataset as it is now: splits of those before are dropped
 */
@Internal
public record IncarnationEvent(int current) implements SourceEvent {

  private static final long serialVersionUID = 1L;
}
