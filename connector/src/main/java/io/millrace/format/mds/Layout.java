// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** How the samples of a shard are laid out: the {@code format} of its entry in the index. */
enum Layout {
  MDS(""),
  JSON(""),
  CSV(","),
  TSV("\t"),
  /** Values between separators that the index names. */
  XSV("");

  private static final Set<String> COMMON =
      Set.of("version", "format", "samples", "compression", "hashes", "size_limit", "raw_data");

  private final String separator;

  Layout(String separator) {
    this.separator = separator;
  }

  /** The layout that an index names so. */
  static Optional<Layout> named(String text) {
    for (Layout layout : values()) {
      if (layout.indexName().equals(text)) {
        return Optional.of(layout);
      }
    }
    return Optional.empty();
  }

  String indexName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether samples and offsets lie in two objects. */
  boolean isSplit() {
    return this != MDS;
  }

  /** Whether samples are lines of separated values under a header line. */
  boolean isSeparated() {
    return this == CSV || this == TSV || this == XSV;
  }

  /** The separator that this layout always has; empty where the index names it, or has none. */
  String separator() {
    return separator;
  }

  /** The keys of a shard's entry; all must be there and no other. */
  Set<String> keys() {
    Set<String> keys = new TreeSet<>(COMMON);
    keys.add("zip_data");
    if (isSplit()) {
      keys.addAll(Set.of("raw_meta", "zip_meta", "newline"));
    }
    if (this == JSON) {
      keys.add("columns");
    } else {
      keys.addAll(Set.of("column_names", "column_encodings"));
    }
    switch (this) {
      case MDS -> keys.add("column_sizes");
      case XSV -> keys.add("separator");
      default -> {}
    }
    return keys;
  }
}
