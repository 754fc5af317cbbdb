// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.annotation.Internal;

/**
 * What an epoch's order depends on, beside the dataset: a checkpoint can only be resumed by a scan
 * that has the same.
 *
 * @param format name of the dataset's format
 * @param shuffle whether the order is shuffled
 * @param seed the shuffle's seed
 * @param algorithmVersion version of the permutation
 * @param discovery whether shards are looked for that are added
 */
@Internal
public record ScanFingerprint(
    String format, boolean shuffle, long seed, int algorithmVersion, boolean discovery)
    implements Serializable {

  /** Of a dataset that does not grow. */
  public ScanFingerprint(String format, boolean shuffle, long seed, int algorithmVersion) {
    this(format, shuffle, seed, algorithmVersion, false);
  }

  /**
   * Checks that a checkpoint was taken by a scan of the same order.
   *
   * @throws IllegalStateException naming every difference
   */
  public void checkRestores(ScanFingerprint checkpoint) {
    List<String> differences = new ArrayList<>();
    compare(differences, "format", checkpoint.format, format);
    compare(differences, "scan.shuffle", checkpoint.shuffle, shuffle);
    if (shuffle && checkpoint.shuffle) {
      compare(differences, "scan.shuffle.seed", checkpoint.seed, seed);
      compare(
          differences, "the permutation's version", checkpoint.algorithmVersion, algorithmVersion);
    }
    compare(
        differences,
        "scan.discovery.interval",
        checkpoint.discovery ? "set" : "not set",
        discovery ? "set" : "not set");
    if (!differences.isEmpty()) {
      throw new IllegalStateException(
          "Cannot restore from the checkpoint: the order of the samples would change: "
              + String.join(", ", differences));
    }
  }

  private static void compare(List<String> differences, String name, Object was, Object is) {
    if (!was.equals(is)) {
      differences.add(name + " was " + was + " and is " + is);
    }
  }
}
