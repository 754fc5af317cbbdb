// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import io.millrace.cache.ExtentCache.Access;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Extents of made-up objects, whose bytes follow from the extent. */
final class TestingExtents {

  static final Access KEPT = new Access("epoch 0", true);
  static final Access NOT_KEPT = new Access("epoch 0", false);

  private TestingExtents() {}

  /** The only extent of an object of its own. */
  static Extent extent(int number, long length) {
    return new Extent(
        ObjectLocation.of("test://data/shard." + number),
        new ObjectVersion(length, 1, ""),
        0,
        length);
  }

  /** All extents of one object, each of this length. */
  static List<Extent> extentsOfOneObject(int count, long length) {
    ObjectVersion version = new ObjectVersion(count * length, 1, "");
    List<Extent> extents = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      extents.add(new Extent(ObjectLocation.of("test://data/one"), version, i * length, length));
    }
    return extents;
  }

  static void fill(Extent extent, ByteChunks target) {
    byte value = valueOf(extent);
    for (byte[] chunk : target.chunks()) {
      Arrays.fill(chunk, value);
    }
  }

  static boolean isFilled(Extent extent, ByteChunks bytes) {
    byte value = valueOf(extent);
    for (ByteChunks.Segment s = bytes.first(0, bytes.length()); s != null; s = s.next()) {
      for (int i = 0; i < s.length(); i++) {
        if (s.array()[s.offset() + i] != value) {
          return false;
        }
      }
    }
    return true;
  }

  /** Never 0, which is what fresh memory holds. */
  private static byte valueOf(Extent extent) {
    return (byte) (extent.hashCode() * 31 | 1);
  }
}
