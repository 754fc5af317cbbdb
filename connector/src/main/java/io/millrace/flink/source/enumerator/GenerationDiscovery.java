// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.format.GenerationListing;
import io.millrace.format.ShardList;
import io.millrace.storage.ObjectLocation;
import java.io.IOException;
import java.util.OptionalLong;
import org.apache.flink.annotation.Internal;

/** Looks at a dataset that grows, as {@link io.millrace.format.GrowingFormat} does. */
@Internal
public interface GenerationDiscovery {

  /**
   * Lists the dataset. Blocks on the store; called by worker threads, one at a time.
   *
   * @throws IllegalStateException if the checkpoint that the scan began with cannot be resumed
   */
  GenerationListing find(long[] known, long next) throws IOException;

  /** As {@link io.millrace.format.GrowingFormat#markOf}. */
  OptionalLong markOf(ShardList shards);

  /** As {@link io.millrace.format.GrowingFormat#isCompleteWhenSeen}. */
  boolean isCompleteWhenSeen();

  /** Where the dataset lies. */
  ObjectLocation location();
}
