// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.format.DatasetManifest;
import io.millrace.format.Shard;
import io.millrace.format.ShardList;
import io.millrace.format.ShardObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.flink.annotation.Internal;

/**
 * Tells one set of shards from another in a few bytes, for checkpoints.
 *
 * @param shards number of shards
 * @param sha256 hexadecimal digest over path, length, sample and unit counts of each, in order
 */
@Internal
public record ManifestDigest(int shards, String sha256) {

  static ManifestDigest of(DatasetManifest manifest) {
    return of(manifest.shards());
  }

  static ManifestDigest of(ShardList shards) {
    MessageDigest digest = newSha256();
    for (Shard shard : shards) {
      StringBuilder line = new StringBuilder();
      for (ShardObject object : shard.objects()) {
        line.append(root(object))
            .append(object.path())
            .append('\0')
            .append(object.version().length())
            .append('\0');
      }
      line.append(shard.samples()).append('\0').append(shard.samplesPerUnit()).append('\n');
      digest.update(line.toString().getBytes(StandardCharsets.UTF_8));
    }
    return new ManifestDigest(shards.size(), HexFormat.of().formatHex(digest.digest()));
  }

  /** Nothing for the only root, as digests have always been. */
  private static String root(ShardObject object) {
    return object.root() == 0 ? "" : object.root() + "\0";
  }

  static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  /**
   * Checks that the dataset is the one that a checkpoint was taken of.
   *
   * @throws IllegalStateException if it is not
   */
  void checkRestores(ManifestDigest checkpoint) {
    if (!equals(checkpoint)) {
      throw new IllegalStateException(
          "Cannot restore from the checkpoint: dataset changed since the checkpoint: "
              + differenceTo(checkpoint));
    }
  }

  /** How it differs from what a checkpoint has, in words. */
  String differenceTo(ManifestDigest checkpoint) {
    return String.format(
        Locale.ROOT,
        "it had %d shards (%s), now it has %d (%s)",
        checkpoint.shards,
        checkpoint.sha256.substring(0, 12),
        shards,
        sha256.substring(0, 12));
  }
}
