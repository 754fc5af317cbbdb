// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import io.millrace.harness.meter.OriginKey;
import io.millrace.harness.meter.OriginOperation;

/**
 * A request as rules and counters see it.
 *
 * @param operation what it is for
 * @param method method of HTTP; of a file system the operation's name
 * @param target path and query as they came, still encoded; of a file system the plain path
 * @param object what it is about, see {@link OriginKey#object}
 */
public record OriginRequest(
    OriginOperation operation, String method, String target, String object) {

  OriginKey key(boolean faulted) {
    return new OriginKey(operation, object, faulted);
  }
}
