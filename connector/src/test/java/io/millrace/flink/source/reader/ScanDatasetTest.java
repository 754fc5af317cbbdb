// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cache.AccessPlan;
import io.millrace.cache.Extent;
import io.millrace.flink.scan.DatasetPart;
import io.millrace.flink.scan.DatasetSpec;
import io.millrace.flink.scan.DatasetSummary;
import io.millrace.flink.scan.PartSummary;
import io.millrace.flink.scan.ScanContext;
import io.millrace.flink.scan.ScanSettings;
import io.millrace.flink.source.TestingRecords;
import io.millrace.format.DatasetFormats;
import io.millrace.format.aligned.AlignedOpener;
import io.millrace.format.aligned.FieldNames;
import io.millrace.format.aligned.RenamedOpener;
import io.millrace.format.mds.MdsFormat;
import io.millrace.sample.Field;
import io.millrace.sample.FieldType.Primitive;
import io.millrace.sample.Sample;
import io.millrace.sample.Schema;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectVersion;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ScanDatasetTest {

  private static final Schema X = Schema.of(new Field("x", Primitive.STRING, false));
  private static final Schema WHOLE =
      Schema.of(
          new Field("a.x", Primitive.STRING, false), new Field("b.x", Primitive.STRING, false));

  private static DatasetPart part(String root, String prefix) {
    return new DatasetPart(List.of(root), "auto", new FieldNames(prefix, Map.of()));
  }

  private static ScanDataset dataset(DatasetSpec spec, List<PartSummary> parts, String... fields) {
    DatasetSummary summary = new DatasetSummary("mds", WHOLE, 9, 9, 90, 900, 9, parts);
    ScanContext<Sample> scan =
        new ScanContext<>(
            UUID.randomUUID(),
            ScanSettings.from(new Configuration(), spec),
            summary,
            WHOLE.project(List.of(fields)),
            TestingRecords.samples());
    return ScanDataset.of(scan, DatasetFormats.load(ScanDatasetTest.class.getClassLoader()));
  }

  private static double reads(AccessPlan plan, String object) {
    return plan.readsPerEpoch(
        new Extent(ObjectLocation.of(object), new ObjectVersion(1, 1, ""), 0, 1));
  }

  @Test
  void ofADatasetAsItLiesEverythingUnderItsRootIsReadOnce() {
    ScanDataset dataset = dataset(DatasetSpec.of("s3://b/a/", "auto"), List.of(), "a.x");

    assertThat(dataset.opener()).isInstanceOf(MdsFormat.class);
    assertThat(dataset.storedBytes()).isEqualTo(900);
    assertThat(dataset.sharesBytes()).isFalse();
    assertThat(reads(dataset.plan(), "s3://b/a/1.mds")).isEqualTo(1.0);
    assertThat(reads(dataset.plan(), "s3://b/a-2/1.mds")).isZero();
  }

  @Test
  void ofPartsEachIsReadAsOftenAsItsUnitsAreNeeded() {
    DatasetSpec spec = new DatasetSpec(List.of(part("s3://b/a", "a"), part("hdfs://n/b", "b")));
    List<PartSummary> parts =
        List.of(new PartSummary("mds", X, 3, 3, 600, 1), new PartSummary("mds", X, 4, 4, 300, 2.5));

    ScanDataset both = dataset(spec, parts, "b.x", "a.x");
    assertThat(both.opener()).isInstanceOf(AlignedOpener.class);
    assertThat(both.storedBytes()).isEqualTo(900);
    assertThat(both.sharesBytes()).isTrue();
    assertThat(reads(both.plan(), "s3://b/a/1.mds")).isEqualTo(1.0);
    assertThat(reads(both.plan(), "hdfs://n/b/1.mds")).isEqualTo(2.5);
    assertThat(reads(both.plan(), "hdfs://n/c/1.mds")).isZero();

    ScanDataset first = dataset(spec, parts, "a.x");
    assertThat(first.storedBytes()).isEqualTo(600);
    assertThat(first.sharesBytes()).isFalse();
    assertThat(reads(first.plan(), "hdfs://n/b/1.mds")).isZero();
  }

  @Test
  void unitsOfAShardShareBytesAndRoundingIsNoSecondRead() {
    DatasetSpec spec = new DatasetSpec(List.of(part("s3://b/a", "a"), part("hdfs://n/b", "b")));
    List<PartSummary> parts =
        List.of(
            new PartSummary("mds", X, 3, 48, 600, 1),
            new PartSummary("torch", X, 4, 4, 300, 1.0000001));

    assertThat(dataset(spec, parts, "a.x").sharesBytes()).isTrue();
    ScanDataset torch = dataset(spec, parts, "b.x");
    assertThat(torch.sharesBytes()).isFalse();
    assertThat(reads(torch.plan(), "hdfs://n/b/1.pt.zst")).isEqualTo(1.0);
  }

  @Test
  void aSinglePartIsOpenedUnderOtherNames() {
    DatasetSpec spec = new DatasetSpec(List.of(part("s3://b/a", "a")));

    ScanDataset dataset = dataset(spec, List.of(new PartSummary("mds", X, 3, 3, 600, 1)), "a.x");

    assertThat(dataset.opener()).isInstanceOf(RenamedOpener.class);
    assertThat(dataset.storedBytes()).isEqualTo(600);
  }
}
