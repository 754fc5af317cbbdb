// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.codec.Compression;
import io.millrace.format.mds.IndexNode.Place;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an index says of one shard.
 *
 * @param columns in stored order
 * @param text how lines and values are told apart; empty strings for MDS
 * @param compression null when there is none; then the zip files are null too
 * @param raw the uncompressed files
 * @param zip the compressed files, null when there are none
 * @param place where the index says so
 */
record ShardEntry(
    Layout layout,
    long samples,
    List<Column> columns,
    TextForm text,
    @Nullable Compression compression,
    Files raw,
    @Nullable Files zip,
    Place place) {

  ShardEntry {
    columns = List.copyOf(columns);
  }

  /**
   * Files of a shard.
   *
   * @param meta null for MDS, which has its offsets in the data file
   */
  record Files(ShardFile data, @Nullable ShardFile meta) {}

  /**
   * How the lines of a text shard look.
   *
   * @param newline what ends a line
   * @param separator what stands between values; empty for JSON
   */
  record TextForm(String newline, String separator) {

    static final TextForm NONE = new TextForm("", "");
  }
}
