// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.scan.DatasetSummary;
import io.millrace.flink.scan.PartSummary;
import io.millrace.flink.scan.ShardNames;
import io.millrace.format.DatasetManifest;
import io.millrace.format.aligned.AlignedDataset;
import io.millrace.format.aligned.AlignedPart;
import io.millrace.format.aligned.FieldNames;
import io.millrace.format.mds.MdsFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Shards of {@link TestingShards} have 1000 bytes, and one more for each before them. */
@Tag("unit")
class SelectedDatasetTest {

  private static ShardNames names(int... numbers) {
    ShardNames names = ShardNames.ALL.not();
    for (int number : numbers) {
      names = names.or(ShardNames.only("shard." + number + ".mds"));
    }
    return names;
  }

  @Test
  void countsTheShardsThatAreSelected() {
    DatasetManifest manifest = TestingShards.manifest(4, 10, 20, 30, 40);
    DatasetSummary whole = DatasetSummary.of(manifest, List.of());

    assertThat(SelectedDataset.of(whole, manifest.shards(), ShardNames.ALL)).isSameAs(whole);
    assertThat(SelectedDataset.of(whole, manifest.shards(), names(1, 3)))
        .isEqualTo(
            new DatasetSummary(
                "mds", whole.schema(), 2, 15, 60, 2004, whole.largestUnitBytes(), List.of()));
    assertThat(SelectedDataset.of(whole, manifest.shards(), names(1, 3).not()).storedBytes())
        .isEqualTo(2002);
    assertThat(SelectedDataset.of(whole, manifest.shards(), names(9)).storedBytes()).isZero();
  }

  /** Shards of 10, 10, 10, 10 samples beside such of 15, 10, 15. */
  @Test
  void ofJoinedDatasetsCountsWhatTheSelectedShardsReadOfEachOnce() throws Exception {
    DatasetManifest leading = TestingShards.manifest(10, 10, 10, 10, 10);
    DatasetManifest other = TestingShards.manifest(15, 15, 10, 15);
    AlignedDataset joined = AlignedDataset.join(List.of(part(leading, "a"), part(other, "b")));
    DatasetSummary whole =
        DatasetSummary.of(
            joined.manifest(), List.of(PartSummary.of(leading, 1), PartSummary.of(other, 1.5)));
    assertThat(whole.shards()).isEqualTo(4);

    DatasetSummary second = SelectedDataset.of(whole, joined.manifest().shards(), names(1));
    assertThat(second.samples()).isEqualTo(10);
    assertThat(second.parts())
        .containsExactly(
            PartSummary.of(leading, 1).withStoredBytes(1001),
            PartSummary.of(other, 1.5).withStoredBytes(1000 + 1001));
    assertThat(second.storedBytes()).isEqualTo(1001 + 1000 + 1001);

    DatasetSummary most = SelectedDataset.of(whole, joined.manifest().shards(), names(0, 1, 2));
    assertThat(most.parts().get(0).storedBytes()).isEqualTo(3003);
    assertThat(most.parts().get(1).storedBytes()).as("each once").isEqualTo(3003);
    DatasetSummary ends = SelectedDataset.of(whole, joined.manifest().shards(), names(0, 3));
    assertThat(ends.parts().get(1).storedBytes()).isEqualTo(1000 + 1002);
  }

  private static AlignedPart part(DatasetManifest manifest, String prefix) {
    return new AlignedPart(new MdsFormat(), manifest, new FieldNames(prefix, Map.of()));
  }
}
