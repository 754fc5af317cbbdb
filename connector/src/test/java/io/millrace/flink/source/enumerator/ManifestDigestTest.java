// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.flink.source.TestingShards;
import io.millrace.format.DatasetManifest;
import io.millrace.format.Shard;
import io.millrace.format.ShardCut;
import io.millrace.format.ShardObject;
import io.millrace.sample.Bytes;
import io.millrace.storage.ObjectVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ManifestDigestTest {

  private static final DatasetManifest MANIFEST = TestingShards.manifest(10, 20, 30);

  @Test
  void isTheSameForTheSameShards() {
    ManifestDigest digest = ManifestDigest.of(MANIFEST);

    // What checkpoints hold: another value here breaks every restore.
    assertThat(digest)
        .isEqualTo(
            new ManifestDigest(
                2, "32af0ea05b1770f04a1e5c436087e1fdd27895a27023ada7bff92907d43ba6ac"));
    assertThat(ManifestDigest.of(TestingShards.manifest(10, 20, 30))).isEqualTo(digest);
    assertThatCode(() -> digest.checkRestores(ManifestDigest.of(MANIFEST)))
        .doesNotThrowAnyException();
  }

  @Test
  void doesNotDependOnWhereTheDatasetLiesOrWhenItWasCopied() {
    assertThat(digestOf(shard("shard.0.mds", new ObjectVersion(1000, 5, "tag"), 20, 10, "")))
        .isEqualTo(digestOf(shard("shard.0.mds", new ObjectVersion(1000, 9, ""), 20, 10, "other")));
  }

  @Test
  void differsWhereTheOrderOfTheSamplesWould() {
    ObjectVersion version = new ObjectVersion(1000, 5, "");
    ManifestDigest digest = digestOf(shard("a", version, 20, 10, ""));

    assertThat(digestOf(shard("b", version, 20, 10, ""))).isNotEqualTo(digest);
    assertThat(digestOf(shard("a", new ObjectVersion(1001, 5, ""), 20, 10, "")))
        .isNotEqualTo(digest);
    assertThat(digestOf(shard("a", version, 21, 10, ""))).isNotEqualTo(digest);
    assertThat(digestOf(shard("a", version, 20, 11, ""))).isNotEqualTo(digest);
    assertThat(ManifestDigest.of(TestingShards.manifest(10, 30, 20)))
        .isNotEqualTo(ManifestDigest.of(MANIFEST));
  }

  @Test
  void saysWhatItHadAndWhatItHas() {
    ManifestDigest had = ManifestDigest.of(TestingShards.manifest(10, 20));
    ManifestDigest has = ManifestDigest.of(MANIFEST);

    assertThatThrownBy(() -> has.checkRestores(had))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot restore from the checkpoint: dataset changed since the checkpoint:"
                + " it had 1 shards (%s), now it has 2 (%s)",
            had.sha256().substring(0, 12), has.sha256().substring(0, 12));
  }

  private static ManifestDigest digestOf(Shard shard) {
    List<Shard> shards = new ArrayList<>();
    shards.add(shard);
    return ManifestDigest.of(
        new DatasetManifest(MANIFEST.format(), MANIFEST.root(), MANIFEST.schema(), shards));
  }

  private static Shard shard(
      String path, ObjectVersion version, long samples, long samplesPerUnit, String descriptor) {
    return new Shard(
        0,
        path,
        new ShardCut(0, samples, samplesPerUnit, 4096),
        List.of(new ShardObject(path, version, Optional.empty())),
        Bytes.wrap(descriptor.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }
}
