// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.split;

import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.source.SourceEvent;

/**
 * The enumerator has counted what a reader reported, and the job may go on.
 *
 * @param number of the report; those before are counted, too
 */
@Internal
public record SkipsCountedEvent(long number) implements SourceEvent {

  private static final long serialVersionUID = 1L;
}
