// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source;

import io.millrace.flink.scan.DatasetPart;
import io.millrace.flink.scan.DatasetPath;
import io.millrace.flink.scan.DatasetSpec;
import io.millrace.format.aligned.FieldNames;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.annotation.PublicEvolving;

/** Makes {@link Dataset}s. */
@PublicEvolving
public final class Datasets {

  private Datasets() {}

  /**
   * The dataset at a place.
   *
   * @param path as for {@link MillraceSourceBuilder#path}: replicas may follow after {@code ;}
   */
  public static Dataset at(String path) {
    return new Dataset(DatasetSpec.of(path, DatasetPart.AUTO));
  }

  /**
   * A dataset of which several places hold the same: a request that fails at one of them is sent to
   * the next.
   *
   * @param paths the preferred one first; a semicolon in them means nothing special
   */
  public static Dataset replicated(String... paths) {
    List<String> roots = Arrays.stream(paths).map(DatasetPath::qualified).toList();
    return new Dataset(
        new DatasetSpec(List.of(new DatasetPart(roots, DatasetPart.AUTO, FieldNames.KEPT))));
  }

  /**
   * Datasets whose samples belong together: sample <i>i</i> has the fields of sample <i>i</i> of
   * each. They must have as many samples, and different field names, for which {@link
   * Dataset#renamed} and {@link Dataset#prefixed} are there; where their shards end may differ.
   */
  public static Dataset aligned(Dataset... parts) {
    return new Dataset(
        new DatasetSpec(
            Arrays.stream(parts).flatMap(part -> part.spec().parts().stream()).toList()));
  }
}
