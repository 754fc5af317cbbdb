// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import io.millrace.format.aligned.FieldNames;
import io.millrace.storage.ObjectLocation;
import java.io.Serializable;
import java.util.List;
import org.apache.flink.annotation.Internal;

/**
 * A dataset in one format, at one place or at several that hold the same.
 *
 * @param roots its root directories with their schemes, the preferred one first
 * @param format name of its format, or {@code auto}
 * @param names what its fields are called
 * @param partitions directories below the root, each of which holds a part of the samples; empty if
 *     the root holds all
 */
@Internal
public record DatasetPart(
    List<String> roots, String format, FieldNames names, List<String> partitions)
    implements Serializable {

  /** Value of {@link #format} that tells the format by what lies at the root. */
  public static final String AUTO = "auto";

  public DatasetPart {
    roots = List.copyOf(roots);
    partitions = List.copyOf(partitions);
    if (roots.isEmpty()) {
      throw new IllegalArgumentException("Cannot use a dataset without a path");
    }
  }

  /** A part that is not partitioned. */
  public DatasetPart(List<String> roots, String format, FieldNames names) {
    this(roots, format, names, List.of());
  }

  /** The same part, but for what lies in other partitions. */
  DatasetPart ofPartitions(List<String> directories) {
    return new DatasetPart(roots, format, names, directories);
  }

  /** A part whose fields keep their names, of the option {@code path}. */
  public static DatasetPart of(String path, String format) {
    return new DatasetPart(DatasetPath.roots(path), format, FieldNames.KEPT);
  }

  /** The root that objects are named under, whichever replica they are read from. */
  public ObjectLocation root() {
    return ObjectLocation.of(roots.get(0));
  }

  /** All roots, the preferred one first. */
  public List<ObjectLocation> locations() {
    return roots.stream().map(ObjectLocation::of).toList();
  }
}
