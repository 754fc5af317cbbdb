// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

/**
 * What a policy may ask about the future: one per live job that reads through a cache, registered
 * for as long as the job holds its lease. Called under the cache's lock from any reader's thread:
 * must be quick, must not block and must not call the cache.
 */
public interface AccessPlan {

  /**
   * How often this job will still read an extent in each of its coming epochs: 0 when it will not
   * read it again, 1 for an extent of the dataset that it goes through, more where a dataset is
   * mixed in several times. Where a dataset is shared out among caches, it need not know which of
   * it is read here: see {@link #epochsBegun}.
   */
  double readsPerEpoch(Extent extent);

  /**
   * How many bytes of the origin this job reads in an epoch, each counted once; what is unknown is
   * {@link Long#MAX_VALUE}. While a cache can keep the bytes of all live plans as they are, it has
   * no reason to compress them.
   */
  default long bytes() {
    return Long.MAX_VALUE;
  }

  /**
   * How many epochs this job has begun to read here; never falls. The first one may be the rest of
   * one that was begun elsewhere, those after it are whole. What nobody used here during two whole
   * epochs counts as not read any more by this job. May be asked by any thread.
   */
  default int epochsBegun() {
    return 0;
  }
}
