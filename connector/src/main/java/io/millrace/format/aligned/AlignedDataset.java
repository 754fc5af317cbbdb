// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import io.millrace.format.DatasetManifest;
import io.millrace.sample.Schema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Datasets joined to one.
 *
 * @param manifest of the whole; the objects of its shards lie under the root of their part's
 *     number. Of a single part it has that part's shards as they are
 * @param readsPerEpoch how often a part's bytes are read in an epoch, on average, by the part's
 *     number: more than once where units of the whole end within units of the part
 */
public record AlignedDataset(DatasetManifest manifest, List<Double> readsPerEpoch) {

  public AlignedDataset {
    readsPerEpoch = List.copyOf(readsPerEpoch);
  }

  /**
   * Joins parts sample by sample. Each of them is walked through several times in memory.
   *
   * @param parts at least one
   * @throws IllegalArgumentException if two fields would have the same name, or one that is renamed
   *     does not exist
   * @throws IOException if they do not have the same number of samples
   */
  public static AlignedDataset join(List<AlignedPart> parts) throws IOException {
    Schema schema = AlignedSchema.of(parts);
    DatasetManifest first = parts.get(0).manifest();
    if (parts.size() == 1) {
      DatasetManifest renamed =
          new DatasetManifest(first.format(), first.root(), schema, first.shards());
      return new AlignedDataset(renamed, List.of(1.0));
    }
    List<IndexedPart> indexed = new ArrayList<>();
    for (AlignedPart part : parts) {
      indexed.add(IndexedPart.of(indexed.size(), part));
    }
    SampleCounts.check(parts, indexed);
    Leading leading = Leading.of(indexed);
    return new AlignedDataset(
        new DatasetManifest(
            formatOf(parts), first.root(), schema, new AlignedShards(indexed, leading.part())),
        indexed.stream().map(leading.cost()::readsOf).toList());
  }

  private static String formatOf(List<AlignedPart> parts) {
    return parts.stream()
        .map(part -> part.manifest().format())
        .collect(Collectors.joining(",", "aligned(", ")"));
  }
}
