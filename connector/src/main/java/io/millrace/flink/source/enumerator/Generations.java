// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import java.util.Optional;
import org.apache.flink.annotation.Internal;

/**
 * Which shards a scan has counted of a dataset that grows: some 200 bytes, however many shards and
 * generations there are. Where a generation ends is a mark of {@link
 * io.millrace.format.GrowingFormat}.
 *
 * @param finished the generations of which every unit is assigned, as one
 * @param open the generation after these, empty before the first one
 */
@Internal
public record Generations(Finished finished, Optional<Open> open) {

  static final Generations NONE =
      new Generations(
          new Finished(GenerationStart.FIRST, ObjectsDigest.NONE, Long.MIN_VALUE),
          Optional.empty());

  /**
   * Generations that are wholly assigned.
   *
   * @param end how many they are, and their shards and units
   * @param objects their objects
   * @param mark where the last one ends
   */
  public record Finished(GenerationStart end, ObjectsDigest objects, long mark) {}

  /**
   * A generation of which some units may not be assigned.
   *
   * @param manifest its shards, in order
   * @param mark where it ends
   */
  public record Open(ManifestDigest manifest, long mark) {}

  /** Where the newest generation ends. */
  long mark() {
    return open.map(Open::mark).orElse(finished.mark());
  }
}
