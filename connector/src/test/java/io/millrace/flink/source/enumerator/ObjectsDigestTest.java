// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.format.PackedShards;
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
class ObjectsDigestTest {

  /** Shards of the objects that are named in each text, as long as their names' number. */
  private static ObjectsDigest digest(String... shards) {
    List<Shard> list = new ArrayList<>();
    for (String names : shards) {
      List<ShardObject> objects =
          names
              .chars()
              .mapToObj(
                  name ->
                      new ShardObject(
                          String.valueOf((char) name),
                          new ObjectVersion(name, 1 + list.size(), "tag"),
                          Optional.empty()))
              .toList();
      list.add(
          new Shard(list.size(), names, ShardCut.whole(objects.size(), 10), objects, Bytes.EMPTY));
    }
    return ObjectsDigest.of(PackedShards.copyOf(list));
  }

  @Test
  void isTheSameHoweverObjectsAreOrderedAndGrouped() {
    // What checkpoints hold: another value here breaks every restore.
    assertThat(digest("abc"))
        .isEqualTo(
            new ObjectsDigest(
                3, "70c30eaf6de906844a5a4355532925504effd1ca1eb2c0e7378417f84b6be099"));
    assertThat(digest("c", "ab")).isEqualTo(digest("abc"));
    assertThat(digest("ab", "c")).isEqualTo(digest("b", "a", "c"));
  }

  @Test
  void differsBetweenSets() {
    assertThat(digest("ab")).isNotEqualTo(digest("ac"));
    assertThat(digest("aab")).isNotEqualTo(digest("abb"));
    assertThat(digest("ab").objects()).isEqualTo(2);
  }

  @Test
  void addsUp() {
    assertThat(digest("ab").plus(digest("cd"))).isEqualTo(digest("abcd"));
    assertThat(ObjectsDigest.NONE.plus(digest("x"))).isEqualTo(digest("x"));
    assertThat(digest()).isEqualTo(ObjectsDigest.NONE);
    // Over many sets: sums wrap around, and some have leading zeros.
    ObjectsDigest sum = ObjectsDigest.NONE;
    for (int i = 0; i < 400; i++) {
      sum = sum.plus(digest(String.valueOf((char) ('a' + i % 26))));
      assertThat(sum.sum()).hasSize(64).matches("[0-9a-f]+");
    }
    assertThat(sum.objects()).isEqualTo(400);
  }

  @Test
  void refusesWhatNoDigestIs() {
    assertThatThrownBy(() -> new ObjectsDigest(-1, "0".repeat(64)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ObjectsDigest(1, "ab"))
        .hasMessage("Cannot use the digest ab of 1 objects");
  }
}
