// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.sample.Schema;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds projected fields among a shard's columns. */
final class Projections {

  private Projections() {}

  /**
   * The place of each projected field's column.
   *
   * @throws IllegalArgumentException if there is no column of that name
   */
  static int[] places(List<Column> columns, Schema projection) {
    Map<String, Integer> byName = new HashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      byName.put(columns.get(i).name(), i);
    }
    int[] places = new int[projection.size()];
    for (int i = 0; i < places.length; i++) {
      String name = projection.field(i).name();
      Integer place = byName.get(name);
      if (place == null) {
        throw new IllegalArgumentException("no column \"" + PythonNumbers.shorten(name) + "\"");
      }
      places[i] = place;
    }
    return places;
  }

  /** The number of the field that each column is projected to, -1 where it is not. */
  static int[] fields(List<Column> columns, Schema projection) {
    int[] fields = new int[columns.size()];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = projection.indexOf(columns.get(i).name());
    }
    return fields;
  }
}
