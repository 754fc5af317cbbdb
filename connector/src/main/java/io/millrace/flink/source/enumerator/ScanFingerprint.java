// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.annotation.Internal;

/**
 * What decides which samples are read, and in which order, beside the dataset: a checkpoint can
 * only be resumed by a scan that has the same.
 *
 * @param format name of the dataset's format
 * @param shuffle whether the order is shuffled
 * @param seed the shuffle's seed
 * @param algorithmVersion version of the permutation
 * @param discovery whether shards are looked for that are added
 * @param selection which part of the scan is read, as {@link
 *     io.millrace.flink.scan.ScanSelection#text}; empty where a checkpoint does not tell
 */
@Internal
public record ScanFingerprint(
    String format,
    boolean shuffle,
    long seed,
    int algorithmVersion,
    boolean discovery,
    Optional<String> selection) {

  /** Of a dataset that does not grow, without a word of what is selected. */
  ScanFingerprint(String format, boolean shuffle, long seed, int algorithmVersion) {
    this(format, shuffle, seed, algorithmVersion, false, Optional.empty());
  }

  /** This one, with what is selected if it does not say. */
  public ScanFingerprint orSelecting(String part) {
    return selection.isPresent()
        ? this
        : new ScanFingerprint(
            format, shuffle, seed, algorithmVersion, discovery, Optional.of(part));
  }

  /**
   * Checks that a checkpoint was taken by a scan of the same samples in the same order.
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
    checkSelects(checkpoint);
  }

  private void checkSelects(ScanFingerprint checkpoint) {
    if (checkpoint.selection.isPresent()
        && selection.isPresent()
        && !checkpoint.selection.equals(selection)) {
      throw new IllegalStateException(
          "Cannot restore from the checkpoint: it is of a query that reads "
              + checkpoint.selection.get()
              + ", but this one reads "
              + selection.get()
              + "; give the query the conditions that it had"
              + (checkpoint.selection.get().contains("partitions (")
                  ? ", also on the columns of PARTITIONED BY if partitions were added or removed"
                  : "")
              + ", or start it without the checkpoint");
    }
  }

  private static void compare(List<String> differences, String name, Object was, Object is) {
    if (!was.equals(is)) {
      differences.add(name + " was " + was + " and is " + is);
    }
  }
}
