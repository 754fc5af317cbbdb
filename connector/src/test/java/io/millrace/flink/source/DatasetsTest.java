// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.flink.scan.DatasetPart;
import io.millrace.flink.scan.DatasetSpec;
import io.millrace.format.aligned.FieldNames;
import java.util.List;
import java.util.Map;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class DatasetsTest {

  @Test
  void oneAtAPlaceIsWhatThePathOptionNames() {
    assertThat(Datasets.at("/data/x").spec()).isEqualTo(DatasetSpec.of("/data/x", "auto"));
    assertThat(Datasets.at("/data/x").format("mds").spec())
        .isEqualTo(DatasetSpec.of("/data/x", "mds"));
    assertThat(Datasets.at("/data/x").spec().isAligned()).isFalse();
  }

  @Test
  void replicasMayHaveSemicolonsInTheirNames() {
    assertThat(Datasets.replicated("s3://a/x;y", "/data/x").spec().parts())
        .containsExactly(
            new DatasetPart(List.of("s3://a/x;y", "file:/data/x"), "auto", FieldNames.KEPT));
    assertThatThrownBy(() -> Datasets.replicated())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot use a dataset without a path");
  }

  @Test
  void alignedPartsKeepTheirFormatsAndNames() throws Exception {
    Dataset dataset =
        Datasets.aligned(
            Datasets.at("/l").format("torch").renamed("latents", "latent_conditions"),
            Datasets.at("/c").prefixed("text").renamed("mask", "m"));

    assertThat(dataset.spec().parts())
        .containsExactly(
            new DatasetPart(
                List.of("file:/l"),
                "torch",
                new FieldNames("", Map.of("latents", "latent_conditions"))),
            new DatasetPart(
                List.of("file:/c"), "auto", new FieldNames("text", Map.of("mask", "m"))));
    assertThat(dataset.spec().isAligned()).isTrue();
    assertThat(dataset.spec().parts().get(1).names().of("mask")).isEqualTo("m");
    assertThat(dataset.spec().parts().get(1).names().of("other")).isEqualTo("text.other");
    assertThat(dataset).hasToString("file:/l and file:/c");
    assertThat(InstantiationUtil.clone(dataset).spec()).isEqualTo(dataset.spec());
  }

  @Test
  void fieldsAreRenamedInTheParts() {
    Dataset dataset = Datasets.aligned(Datasets.at("/a"), Datasets.at("/b"));

    assertThatThrownBy(() -> dataset.renamed("x", "y"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot rename x: the dataset has 2 parts; do it to one");
  }

  @Test
  void theBuilderTakesAPathOrADataset() {
    MillraceSourceBuilder builder =
        MillraceSource.builder().path("/a").dataset(Datasets.at("s3://k:secret@b/c"));

    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot use path or format beside dataset = s3://b/c: it has both");
  }
}
