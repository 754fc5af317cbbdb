// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import java.io.Serializable;
import java.util.Map;
import org.apache.flink.annotation.Internal;

/**
 * What the fields of one part of a dataset are called in the whole.
 *
 * @param prefix stands, with a dot, before the names that are not renamed; empty for none
 * @param renamed new names by the names in the part
 */
@Internal
public record FieldNames(String prefix, Map<String, String> renamed) implements Serializable {

  /** Every field keeps its name. */
  public static final FieldNames KEPT = new FieldNames("", Map.of());

  public FieldNames {
    renamed = Map.copyOf(renamed);
  }

  /** The name in the whole of a field of the part. */
  public String of(String field) {
    String name = renamed.get(field);
    if (name != null) {
      return name;
    }
    return prefix.isEmpty() ? field : prefix + "." + field;
  }

  public boolean keepsAll() {
    return prefix.isEmpty() && renamed.isEmpty();
  }
}
