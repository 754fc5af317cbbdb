// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.format.BadInput;
import java.io.IOException;

/**
 * Samples that were passed over, in the place that they would have in a batch.
 *
 * @param count how many, one after the other in their unit's order
 * @param location of the first one
 * @param reason why
 */
record LeftOut(long count, String location, IOException reason) {

  String describe() {
    return (count == 1 ? location : location + " and " + (count - 1) + " after it in its unit")
        + ": "
        + BadInput.messageOf(reason);
  }
}
