// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.ByteChunks;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class FetchedChecksumsTest {

  private static ByteChunks bytes(int... values) {
    byte[] chunk = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      chunk[i] = (byte) values[i];
    }
    return ByteChunks.over(new byte[][] {chunk}, chunk.length);
  }

  private final FetchedChecksums checksums = new FetchedChecksums(1 << 20);
  private final Extent extent = TestingExtents.extent(1, 2);

  @Test
  void knowsBytesThatWereKept() {
    assertThat(checksums.knows(extent, bytes(1, 2))).isFalse();
    assertThat(checksums.keep(extent, bytes(1, 2))).isTrue();
    assertThat(checksums.knows(extent, bytes(1, 2))).isTrue();
    assertThat(checksums.knows(extent, bytes(1, 3))).isFalse();
    assertThat(checksums.knows(TestingExtents.extent(2, 2), bytes(1, 2))).isFalse();
  }

  @Test
  void theFirstBytesStayUntilTheyAreForgotten() {
    checksums.keep(extent, bytes(1, 2));
    assertThat(checksums.keep(extent, bytes(1, 2))).isTrue();
    assertThat(checksums.keep(extent, bytes(1, 3))).isFalse();
    assertThat(checksums.knows(extent, bytes(1, 2))).isTrue();

    checksums.forget(extent);
    assertThat(checksums.knows(extent, bytes(1, 2))).isFalse();
    assertThat(checksums.keep(extent, bytes(1, 3))).isTrue();
  }

  @Test
  void takesNoMoreMemoryThanItMayAndKeepsWhatCameFirst() {
    FetchedChecksums bounded = new FetchedChecksums(100_000);
    List<Extent> extents = TestingExtents.extentsOfOneObject(20_000, 2);
    extents.forEach(each -> assertThat(bounded.keep(each, bytes(1, 2))).isTrue());

    assertThat(bounded.bytes()).isLessThanOrEqualTo(100_000).isGreaterThan(50_000);
    long known = extents.stream().filter(each -> bounded.knows(each, bytes(1, 2))).count();
    assertThat(known).isGreaterThan(100_000 / 54 - 100).isLessThan(5_000);
    assertThat(extents.stream().limit(1000)).allMatch(each -> bounded.knows(each, bytes(1, 2)));
  }
}
