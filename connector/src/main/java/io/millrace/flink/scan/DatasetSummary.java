// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import io.millrace.format.DatasetManifest;
import io.millrace.format.Shard;
import io.millrace.sample.Schema;
import java.io.Serializable;
import java.util.List;
import org.apache.flink.annotation.PublicEvolving;

/**
 * What a dataset is, in a few words.
 *
 * @param format name of its format
 * @param schema fields of its samples
 * @param shards number of shards
 * @param units number of units, which are what is shuffled and assigned
 * @param samples samples of one epoch
 * @param storedBytes bytes at the origin that one epoch reads
 * @param largestUnitBytes memory that its largest unit takes, as far as its index tells
 * @param parts what it is joined or renamed of; empty for a dataset as it lies
 */
@PublicEvolving
public record DatasetSummary(
    String format,
    Schema schema,
    int shards,
    long units,
    long samples,
    long storedBytes,
    long largestUnitBytes,
    List<PartSummary> parts)
    implements Serializable {

  public DatasetSummary {
    parts = List.copyOf(parts);
  }

  public static DatasetSummary of(DatasetManifest manifest, List<PartSummary> parts) {
    return new DatasetSummary(
        manifest.format(),
        manifest.schema(),
        manifest.shards().size(),
        manifest.units(),
        manifest.samples(),
        manifest.storedBytes(),
        manifest.shards().stream().mapToLong(Shard::unitBytes).max().orElse(0),
        parts);
  }
}
