// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import org.apache.flink.annotation.Internal;

/**
 * Where a generation begins in a dataset that grows.
 *
 * @param generation its number, from 0 on
 * @param shards shards of the generations before
 * @param units units of the generations before
 */
@Internal
public record GenerationStart(int generation, int shards, long units) {

  /** Where a dataset begins. */
  static final GenerationStart FIRST = new GenerationStart(0, 0, 0);

  public GenerationStart {
    if (generation < 0 || shards < 0 || units < 0) {
      throw new IllegalArgumentException(
          "Cannot begin generation "
              + generation
              + " after "
              + shards
              + " shards and "
              + units
              + " units");
    }
  }
}
