// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import io.millrace.sample.Schema;
import java.util.ArrayList;
import java.util.List;

/**
 * A part's share of a projection.
 *
 * @param fields its fields, under their names in the whole
 * @param numbers the number in the whole projection of each
 */
@SuppressWarnings("ArrayRecordComponent") // made once, read by index, never compared
record PartProjection(Schema fields, int[] numbers) {

  static PartProjection of(RenamedOpener part, Schema projection) {
    List<String> names = new ArrayList<>();
    int[] numbers = new int[projection.size()];
    for (int i = 0; i < projection.size(); i++) {
      String name = projection.field(i).name();
      if (part.has(name)) {
        numbers[names.size()] = i;
        names.add(name);
      }
    }
    return new PartProjection(projection.project(names), numbers);
  }

  boolean isEmpty() {
    return fields.size() == 0;
  }
}
