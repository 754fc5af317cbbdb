// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source;

import io.millrace.flink.scan.DatasetPart;
import io.millrace.flink.scan.DatasetSpec;
import io.millrace.format.aligned.FieldNames;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.flink.annotation.PublicEvolving;

/**
 * A dataset as {@link MillraceSourceBuilder#dataset} takes it; made by {@link Datasets}. Immutable:
 * the methods return changed copies.
 */
@PublicEvolving
public final class Dataset implements Serializable {

  private static final long serialVersionUID = 1L;

  private final DatasetSpec spec;

  Dataset(DatasetSpec spec) {
    this.spec = spec;
  }

  /** Names the format; without it, what lies at the root tells it. Of all parts if aligned. */
  public Dataset format(String name) {
    return mapped(part -> new DatasetPart(part.roots(), name, part.names()));
  }

  /**
   * Gives a field another name, over the prefix, if there is one.
   *
   * @param field its name in the dataset
   * @param name its name in the samples
   * @throws IllegalStateException if the dataset is aligned of several: rename in its parts
   */
  public Dataset renamed(String field, String name) {
    requireOnePart("rename " + field);
    return mapped(
        part -> {
          Map<String, String> renamed = new HashMap<>(part.names().renamed());
          renamed.put(field, name);
          return new DatasetPart(
              part.roots(), part.format(), new FieldNames(part.names().prefix(), renamed));
        });
  }

  /**
   * Puts a name and a dot before the names of all fields that are not renamed.
   *
   * @throws IllegalStateException if the dataset is aligned of several: do that to its parts
   */
  public Dataset prefixed(String prefix) {
    requireOnePart("prefix " + prefix);
    return mapped(
        part ->
            new DatasetPart(
                part.roots(), part.format(), new FieldNames(prefix, part.names().renamed())));
  }

  private void requireOnePart(String what) {
    if (spec.parts().size() > 1) {
      throw new IllegalStateException(
          "Cannot " + what + ": the dataset has " + spec.parts().size() + " parts; do it to one");
    }
  }

  private Dataset mapped(UnaryOperator<DatasetPart> change) {
    List<DatasetPart> parts = spec.parts().stream().map(change).toList();
    return new Dataset(new DatasetSpec(parts));
  }

  DatasetSpec spec() {
    return spec;
  }

  /** Where it lies, without credentials. */
  @Override
  public String toString() {
    return spec.location();
  }
}
