// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import java.util.List;

/**
 * Samples that are read together, and what they lie in.
 *
 * @param name name of the leading part's shard
 * @param first index of the first sample in what that shard is named after
 * @param samples number of samples
 * @param slices of the leading part, then of the others in their order; of each part as many
 *     samples, in order
 */
record Run(String name, long first, int samples, List<Slice> slices) {

  /** Working memory that reading all parts takes. */
  long unitBytes() {
    return slices.stream().mapToLong(Slice::unitBytes).sum();
  }
}
