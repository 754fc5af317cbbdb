// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.format.DatasetManifest;
import io.millrace.format.ShardList;
import io.millrace.sample.Field;
import io.millrace.sample.FieldType.Primitive;
import io.millrace.sample.Schema;
import io.millrace.storage.ObjectLocation;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is joined to what, under which names, and what is not. */
@Tag("unit")
class AlignedDatasetTest {

  private static final NumbersFormat LATENTS =
      new NumbersFormat("s3://k:secret@b/latents", "latents", true, 100);
  private static final NumbersFormat CONDITIONS =
      new NumbersFormat("s3://b/conditions", "conditions", true, 100);
  private static final NumbersFormat SHARDED =
      new NumbersFormat("s3://b/sharded", "text", false, 100);

  private static AlignedPart with(String root, FieldNames names, String... fields) {
    Schema schema =
        new Schema(
            Arrays.stream(fields).map(name -> new Field(name, Primitive.STRING, true)).toList());
    DatasetManifest shards = SHARDED.manifest(10, 10);
    return new AlignedPart(
        SHARDED,
        new DatasetManifest("singles", ObjectLocation.of(root), schema, shards.shards()),
        names);
  }

  @Test
  void hasTheFieldsOfAllParts() throws IOException {
    DatasetManifest joined =
        AlignedDataset.join(
                List.of(
                    with("s3://b/l", new FieldNames("", Map.of("x", "latents")), "x", "fps"),
                    with("s3://b/t", new FieldNames("text", Map.of("y", "m")), "x", "y", "fps")))
            .manifest();

    assertThat(joined.schema())
        .hasToString("(latents string?, fps string?, text.x string?, m string?, text.fps string?)");
    assertThat(joined.format()).isEqualTo("aligned(singles,singles)");
    assertThat(joined.root()).hasToString("s3://b/l");
  }

  @Test
  void aSinglePartIsOnlyRenamed() throws IOException {
    AlignedPart part = with("s3://b/l", new FieldNames("p", Map.of("x", "latents")), "x", "fps");

    AlignedDataset joined = AlignedDataset.join(List.of(part));

    assertThat(joined.manifest().schema()).hasToString("(latents string?, p.fps string?)");
    assertThat(joined.manifest().format()).isEqualTo("singles");
    ShardList shards = part.manifest().shards();
    assertThat(joined.manifest().shards()).isSameAs(shards);
    assertThat(joined.readsPerEpoch()).containsExactly(1.0);
  }

  @Test
  void refusesTwoFieldsOfOneName() {
    AlignedPart one = with("s3://k:secret@b/l", FieldNames.KEPT, "x", "fps");
    AlignedPart other = with("s3://b/t", new FieldNames("", Map.of("f", "fps")), "f");

    assertThatThrownBy(() -> AlignedDataset.join(List.of(one, other)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot have two fields named \"fps\": one is \"fps\" of s3://b/l, the other \"f\" of"
                + " s3://b/t; give one of them another name with renamed or prefixed");
    AlignedPart itself = with("s3://b/l", new FieldNames("", Map.of("x", "fps")), "x", "fps");
    assertThatThrownBy(() -> AlignedDataset.join(List.of(itself)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Cannot have two fields named \"fps\": one is \"x\" of s3://b/l, the other \"fps\" of"
                + " s3://b/l;");
  }

  @Test
  void refusesToRenameWhatIsNotThere() {
    AlignedPart part = with("s3://b/l", new FieldNames("", Map.of("z", "fps")), "x", "y");

    assertThatThrownBy(() -> AlignedDataset.join(List.of(part)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot rename field \"z\" of s3://b/l: its fields are x, y");
  }

  @Test
  void namesTheFirstSampleWithoutACounterpart() {
    assertThatThrownBy(
            () -> AlignedDataset.join(List.of(LATENTS.part(9, 64, 36), CONDITIONS.part(9, 64, 34))))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot align s3://b/latents (100 samples) with s3://b/conditions (98 samples): sample"
                + " 98 of s3://b/latents, sample_000098, has no counterpart");
    assertThatThrownBy(
            () ->
                AlignedDataset.join(
                    List.of(
                        LATENTS.part(9, 64),
                        CONDITIONS.part(9, 32, 32),
                        SHARDED.part(20, 50, 0, 30))))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot align s3://b/latents (64 samples) with s3://b/sharded (80 samples): sample 64"
                + " of s3://b/sharded, sample 14 of shard.00002, has no counterpart");
    assertThatThrownBy(() -> AlignedDataset.join(List.of(LATENTS.part(9, 3), CONDITIONS.part(9))))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith(
            "(0 samples): sample 0 of s3://b/latents, sample_000000, has no counterpart");
  }

  /** The last sample is the one too many, but another one is missing. */
  @Test
  void tellsByTheNamesWhereAFileIsMissing() {
    AlignedPart gap =
        new AlignedPart(CONDITIONS, CONDITIONS.manifestWithout(42, 100), FieldNames.KEPT);

    assertThatThrownBy(() -> AlignedDataset.join(List.of(LATENTS.part(9, 64, 36), gap)))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot align s3://b/latents (100 samples) with s3://b/conditions (99 samples): sample"
                + " 99 of s3://b/latents, sample_000099, has no counterpart; by their names, one"
                + " is missing at sample 42: sample_000042 and sample_000043");
  }

  @Test
  void partsWithoutSamplesMakeAWholeWithout() throws IOException {
    DatasetManifest joined =
        AlignedDataset.join(List.of(LATENTS.part(9, 0, 0), SHARDED.part(9))).manifest();

    assertThat(joined.shards()).isEmpty();
    assertThat(joined.samples()).isZero();
    assertThat(joined.storedBytes()).isZero();
  }
}
