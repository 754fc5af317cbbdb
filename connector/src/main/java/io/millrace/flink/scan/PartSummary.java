// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import io.millrace.format.DatasetManifest;
import io.millrace.sample.Schema;
import java.io.Serializable;
import org.apache.flink.annotation.Internal;
import org.apache.flink.annotation.PublicEvolving;

/**
 * What one of the datasets is that a scan joins.
 *
 * @param format name of its format
 * @param schema its fields, by their own names
 * @param shards number of shards
 * @param units number of units; where there are more than shards, those of a shard share bytes
 * @param storedBytes bytes at the origin
 * @param readsPerEpoch how often each of them is needed in an epoch, on average: more than once
 *     where units of the joined dataset end within units of this one
 */
@PublicEvolving
public record PartSummary(
    String format, Schema schema, int shards, long units, long storedBytes, double readsPerEpoch)
    implements Serializable {

  public static PartSummary of(DatasetManifest manifest, double readsPerEpoch) {
    return new PartSummary(
        manifest.format(),
        manifest.schema(),
        manifest.shards().size(),
        manifest.units(),
        manifest.storedBytes(),
        readsPerEpoch);
  }

  /** The same of which only a part is read. */
  @Internal
  public PartSummary withStoredBytes(long bytes) {
    return new PartSummary(format, schema, shards, units, bytes, readsPerEpoch);
  }
}
