// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import io.millrace.storage.ObjectLocation;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.annotation.Internal;

/**
 * Which dataset a scan reads.
 *
 * @param parts one, or several whose samples are joined by their index
 */
@Internal
public record DatasetSpec(List<DatasetPart> parts) implements Serializable {

  public DatasetSpec {
    parts = List.copyOf(parts);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("Cannot use a dataset of no parts");
    }
  }

  /** The dataset that the options {@code path} and {@code format} name. */
  public static DatasetSpec of(String path, String format) {
    return new DatasetSpec(List.of(DatasetPart.of(path, format)));
  }

  /** Whether its samples have to be put together or their fields renamed. */
  public boolean isAligned() {
    return parts.size() > 1 || !parts.get(0).names().keepsAll();
  }

  /** Where each part's objects lie, by {@link io.millrace.format.ShardObject#root}. */
  public List<ObjectLocation> roots() {
    return parts.stream().map(DatasetPart::root).toList();
  }

  /** Where it lies, for messages: without credentials. */
  public String location() {
    return roots().stream().map(ObjectLocation::toString).collect(Collectors.joining(" and "));
  }
}
