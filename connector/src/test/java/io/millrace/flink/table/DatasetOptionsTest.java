// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.flink.scan.DatasetPart;
import io.millrace.flink.scan.DatasetSpec;
import io.millrace.format.aligned.FieldNames;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.ValidationException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class DatasetOptionsTest {

  @Test
  void aTableIsOneDataset() {
    assertThat(DatasetOptions.of(Map.of("connector", "millrace", "path", "s3://b/x;hdfs://n/x")))
        .isEqualTo(DatasetSpec.of("s3://b/x;hdfs://n/x", "auto"));
    assertThat(DatasetOptions.of(Map.of("path", "s3://b/x", "format", "mds", "rename.a.b", "c")))
        .isEqualTo(
            new DatasetSpec(
                List.of(
                    new DatasetPart(
                        List.of("s3://b/x"), "mds", new FieldNames("", Map.of("a.b", "c"))))));
  }

  @Test
  void furtherDatasetsAreAlignedInTheOrderOfTheirNames() {
    Map<String, String> options = new HashMap<>();
    options.put("path", "s3://b/images");
    options.put("align.text.path", "s3://b/text");
    options.put("align.text.format", "torch");
    options.put("align.text.prefix", "text");
    options.put("align.latents.path", "s3://b/l1;s3://b/l2");
    options.put("align.latents.rename.x", "latent");

    DatasetSpec spec = DatasetOptions.of(options);

    assertThat(spec.parts())
        .containsExactly(
            DatasetPart.of("s3://b/images", "auto"),
            new DatasetPart(
                List.of("s3://b/l1", "s3://b/l2"),
                "auto",
                new FieldNames("", Map.of("x", "latent"))),
            new DatasetPart(List.of("s3://b/text"), "torch", new FieldNames("text", Map.of())));
    assertThat(spec.isAligned()).isTrue();
  }

  private static void assertRefused(Map<String, String> options, String message) {
    Map<String, String> all = new HashMap<>(options);
    all.putIfAbsent("path", "s3://b/x");
    assertThatThrownBy(() -> DatasetOptions.of(all))
        .isInstanceOf(ValidationException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void whatIsNoOptionOfADatasetIsRefused() {
    assertRefused(
        Map.of("align.a.path", "s3://b/y", "align.a.scan.epochs", "2"),
        "Unsupported option 'align.a.scan.epochs'");
    assertRefused(Map.of("align.path", "s3://b/y"), "Unsupported option 'align.path'");
    assertRefused(Map.of("align.a.rename.", "b"), "Unsupported option 'align.a.rename.'");
    assertRefused(Map.of("align.a b.path", "s3://b/y"), "Unsupported option 'align.a b.path'");
    assertRefused(
        Map.of("align.a.format", "mds"),
        "Option 'align.a.path' is missing: set it to the root directory of a dataset");
    assertRefused(
        Map.of("rename.", "b"), "Option 'rename.' names no field: its key is rename.FIELD");
    assertRefused(Map.of("rename.x", " "), "Option 'rename.x' has no name");
    assertRefused(Map.of("path", " "), "Option 'path' is missing");
  }
}
