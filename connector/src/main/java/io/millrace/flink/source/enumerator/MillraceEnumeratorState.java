// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.plan.EpochProgressSnapshot;
import java.util.List;
import java.util.Optional;
import org.apache.flink.annotation.Internal;

/**
 * What a checkpoint holds of the enumerator: at most 32 KB beside the returned splits and those in
 * the middle of which samples were left out, whatever the number of shards, and no word of readers.
 *
 * @param fingerprint what the order depends on
 * @param manifest which shards it counts, empty before the first discovery and where shards may be
 *     added
 * @param generations which shards it counts where shards may be added, else empty
 * @param progress what is assigned of the newest open epoch, or of the newest generation; older
 *     ones are wholly assigned
 * @param returned splits that came back from failed readers and wait for another one
 * @param skipped how many samples were left out
 */
@Internal
public record MillraceEnumeratorState(
    ScanFingerprint fingerprint,
    Optional<ManifestDigest> manifest,
    Optional<Generations> generations,
    EpochProgressSnapshot progress,
    List<MillraceSplit> returned,
    SkippedCounts skipped) {

  public MillraceEnumeratorState {
    returned = List.copyOf(returned);
  }

  /** Of a scan that left nothing out. */
  public MillraceEnumeratorState(
      ScanFingerprint fingerprint,
      Optional<ManifestDigest> manifest,
      Optional<Generations> generations,
      EpochProgressSnapshot progress,
      List<MillraceSplit> returned) {
    this(fingerprint, manifest, generations, progress, returned, SkippedCounts.NONE);
  }

  /** Of a dataset that does not grow. */
  public MillraceEnumeratorState(
      ScanFingerprint fingerprint,
      Optional<ManifestDigest> manifest,
      EpochProgressSnapshot progress,
      List<MillraceSplit> returned) {
    this(fingerprint, manifest, Optional.empty(), progress, returned);
  }
}
