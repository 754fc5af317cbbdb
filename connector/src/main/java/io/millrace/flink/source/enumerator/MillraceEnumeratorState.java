// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.plan.EpochProgressSnapshot;
import java.util.List;
import java.util.Optional;
import org.apache.flink.annotation.Internal;

/**
 * What a checkpoint holds of the enumerator: at most 32 KB beside the returned splits, those in the
 * middle of which samples were left out and what {@link EpochShards} takes, whatever the number of
 * shards, and no word of readers.
 *
 * @param fingerprint what the order depends on
 * @param manifest which shards were found at first, empty before that and where shards may be added
 *     while the scan runs
 * @param generations which shards it counts where they may, else empty
 * @param progress what is assigned of the newest open epoch, or of the newest generation; older
 *     ones are wholly assigned
 * @param returned splits that came back from failed readers and wait for another one, or that the
 *     scan begins in the middle of
 * @param readersHold whether readers may hold splits out of checkpoints of their own: not in a
 *     batch job, whose readers begin anew
 * @param skipped how many samples were left out
 * @param shards which shards the epochs have, where none may be added while the scan runs
 */
@Internal
public record MillraceEnumeratorState(
    ScanFingerprint fingerprint,
    Optional<ManifestDigest> manifest,
    Optional<Generations> generations,
    EpochProgressSnapshot progress,
    List<MillraceSplit> returned,
    boolean readersHold,
    SkippedCounts skipped,
    EpochShards shards) {

  public MillraceEnumeratorState {
    returned = List.copyOf(returned);
  }

  /** Of a scan that left nothing out. */
  public MillraceEnumeratorState(
      ScanFingerprint fingerprint,
      Optional<ManifestDigest> manifest,
      Optional<Generations> generations,
      EpochProgressSnapshot progress,
      List<MillraceSplit> returned,
      boolean readersHold) {
    this(
        fingerprint,
        manifest,
        generations,
        progress,
        returned,
        readersHold,
        SkippedCounts.NONE,
        EpochShards.NONE);
  }

  /** Of a checkpoint that readers have a part in. */
  public MillraceEnumeratorState(
      ScanFingerprint fingerprint,
      Optional<ManifestDigest> manifest,
      Optional<Generations> generations,
      EpochProgressSnapshot progress,
      List<MillraceSplit> returned) {
    this(fingerprint, manifest, generations, progress, returned, true);
  }

  /** Of a dataset that does not grow. */
  public MillraceEnumeratorState(
      ScanFingerprint fingerprint,
      Optional<ManifestDigest> manifest,
      EpochProgressSnapshot progress,
      List<MillraceSplit> returned) {
    this(fingerprint, manifest, Optional.empty(), progress, returned);
  }

  /** Whether the dataset was found when it was taken: before, there was nothing to assign. */
  public boolean isBegun() {
    return manifest.isPresent() || generations.isPresent();
  }
}
