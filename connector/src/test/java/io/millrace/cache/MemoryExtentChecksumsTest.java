// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.ObjectVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class MemoryExtentChecksumsTest {

  private final MemoryExtentChecksums checksums = new MemoryExtentChecksums();

  @Test
  void tellsExtentsAndVersionsApart() {
    Extent extent = TestingExtents.extent(1, 100);
    Extent part = new Extent(extent.object(), extent.version(), 0, 99);
    Extent newer = new Extent(extent.object(), new ObjectVersion(100, 2, ""), 0, 100);
    Extent tagged = new Extent(extent.object(), new ObjectVersion(100, 1, "a"), 0, 100);
    checksums.record(extent, -5);
    checksums.markVerified(extent.object(), extent.version());

    assertThat(checksums.expected(extent)).hasValue(-5);
    assertThat(List.of(part, newer, tagged)).allMatch(e -> checksums.expected(e).isEmpty());
    assertThat(checksums.isVerified(extent.object(), extent.version())).isTrue();
    assertThat(checksums.isVerified(extent.object(), newer.version())).isFalse();
    checksums.record(extent, 6);
    assertThat(checksums.expected(extent)).hasValue(6);
  }

  @Test
  void agreesWithAMapAfterAnySequence() {
    Random random = new Random(3);
    List<Extent> extents = TestingExtents.extentsOfOneObject(3000, 10);
    Map<Extent, Integer> model = new HashMap<>();
    for (int i = 0; i < 30_000; i++) {
      Extent extent = extents.get(random.nextInt(extents.size()));
      if (random.nextInt(3) > 0) {
        checksums.record(extent, i);
        model.put(extent, i);
      } else {
        checksums.forget(extent);
        model.remove(extent);
      }
    }
    for (Extent extent : extents) {
      Integer expected = model.get(extent);
      assertThat(checksums.expected(extent))
          .isEqualTo(expected == null ? OptionalInt.empty() : OptionalInt.of(expected));
    }
  }

  @Test
  void takesAtMostTheStatedMemory() {
    List<Extent> extents = TestingExtents.extentsOfOneObject(200_000, 10);
    int recorded = 0;
    for (Extent extent : extents) {
      checksums.record(extent, 1);
      if (++recorded % 10_000 == 0) {
        assertThat(checksums.bytes())
            .isLessThanOrEqualTo((long) recorded * MemoryExtentChecksums.MAX_BYTES_PER_KEY);
      }
    }
  }
}
