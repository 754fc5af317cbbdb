// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import java.util.List;

/**
 * What a {@link GrowingFormat} finds.
 *
 * @param known the shards of the generations that were known, one list each
 * @param next the shards of the generation after these, empty if there is none
 * @param newest the highest mark that was seen, {@link Long#MIN_VALUE} if there is nothing
 */
public record GenerationListing(List<ShardList> known, ShardList next, long newest) {

  public GenerationListing {
    known = List.copyOf(known);
  }
}
