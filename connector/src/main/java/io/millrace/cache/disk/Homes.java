// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import io.millrace.cache.Extent;
import java.nio.file.Path;

/**
 * Ranks directories for an extent by hash, so that extents spread evenly and each directory keeps
 * its own when another comes or goes (rendezvous hashing, Thaler and Ravishankar, 1998).
 */
final class Homes {

  private Homes() {}

  /** Follows from the path: another order of the directories moves nothing. */
  static long seedOf(Path directory) {
    String name = directory.toString();
    long seed = 0;
    for (int i = 0; i < name.length(); i++) {
      seed = mix(seed + name.charAt(i));
    }
    return seed;
  }

  /** How a directory ranks for an extent, as an unsigned number. */
  static long rank(long seed, Extent extent) {
    return mix((((long) extent.object().hashCode() << 32) ^ extent.offset()) ^ seed);
  }

  /** The finaliser of SplitMix64 (Steele, Lea, Flood, "Fast splittable PRNGs", 2014). */
  private static long mix(long x) {
    long z = x + 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
