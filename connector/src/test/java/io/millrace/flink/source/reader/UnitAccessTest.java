// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.cache.Extent;
import io.millrace.flink.storage.FlinkObjectStore;
import io.millrace.format.ShardObject;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.DecoratedObjectStore;
import io.millrace.storage.ObjectChangedException;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStore;
import io.millrace.storage.ObjectStores;
import io.millrace.storage.ObjectVersion;
import io.millrace.storage.OriginCounters;
import io.millrace.storage.StorageSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
final class UnitAccessTest {

  @TempDir private Path directory;

  private byte[] fetch(UnitAccess access, ObjectVersion version) throws IOException {
    ObjectLocation object = ObjectLocation.of("file:" + directory.resolve("object"));
    ByteChunks target = ByteChunks.allocate(3);
    ShardObject shardObject = new ShardObject("object", version, Optional.empty());
    access.fetch(shardObject, new Extent(object, version, 0, 3), target);
    return target.copy(0, 3);
  }

  private ObjectVersion replace(byte[] content, long modifiedMillis) throws IOException {
    Path next = directory.resolve("next");
    Files.write(next, content);
    Files.setLastModifiedTime(next, FileTime.fromMillis(modifiedMillis));
    Files.move(next, directory.resolve("object"), StandardCopyOption.REPLACE_EXISTING);
    return new ObjectVersion(content.length, modifiedMillis, "");
  }

  private static UnitAccess over(TestingUnits units, ObjectLocation root, ObjectStore store)
      throws IOException {
    UnitAccess given = units.access(units.split(0, 0));
    return new UnitAccess(
        given.split(),
        List.of(new UnitAccess.Origin(root, store, new VersionChecks(1 << 20))),
        given.cache(),
        given.parallel(),
        given.reason(),
        given.verifyHashes(),
        given.statistics());
  }

  @Test
  void fetchesANewVersionsExtentsNotFromAnOldStream() throws IOException {
    try (TestingUnits units = TestingUnits.write(directory.resolve("set"), 1, 4);
        FlinkObjectStore store = new FlinkObjectStore()) {
      UnitAccess access = over(units, ObjectLocation.of("file:" + directory), store);
      ObjectVersion before = replace(new byte[] {1, 2, 3}, 1_000_000_000_000L);
      assertThat(fetch(access, before)).containsExactly(1, 2, 3);

      ObjectVersion after = replace(new byte[] {4, 5, 6}, 1_000_000_001_000L);

      assertThat(fetch(access, after)).containsExactly(4, 5, 6);
    }
  }

  @Test
  void checksTheVersionOfTheCopiesThatMayHaveBeenRead() throws IOException {
    Path cut = Files.createDirectories(directory.resolve("cut"));
    Path whole = Files.createDirectories(directory.resolve("whole"));
    Files.write(cut.resolve("object"), new byte[] {1, 2});
    Files.write(whole.resolve("object"), new byte[] {1, 2, 3});
    List<ObjectLocation> roots =
        Stream.of(cut, whole).map(root -> ObjectLocation.of("file:" + root)).toList();
    ObjectVersion version = new ObjectVersion(3, 0, "");
    ShardObject object = new ShardObject("object", version, Optional.empty());
    try (TestingUnits units = TestingUnits.write(directory.resolve("set"), 1, 4);
        DecoratedObjectStore store =
            ObjectStores.decorated(
                new FlinkObjectStore(), StorageSettings.DEFAULTS, new OriginCounters())) {
      UnitAccess access = over(units, roots.get(0), store.replicated(roots));
      ByteChunks target = ByteChunks.allocate(3);

      access.fetch(object, new Extent(access.location(object), version, 0, 3), target);
      access.checkVersion(object);
      assertThat(target.copy(0, 3)).containsExactly(1, 2, 3);

      Files.write(whole.resolve("object"), new byte[] {9, 9, 9, 9});
      assertThatExceptionOfType(ObjectChangedException.class)
          .isThrownBy(() -> access.checkVersion(object));
    }
  }

  @Test
  void comparesTimesOnlyWhereDiscoveryAndStoreHaveOne() throws IOException {
    try (TestingUnits units = TestingUnits.write(directory.resolve("set"), 1, 4)) {
      UnitAccess access = units.access(units.split(0, 0));
      ShardObject seen = access.split().shard().objects().get(0);
      long length = seen.version().length();
      ShardObject seenInReplicas = withVersion(seen, new ObjectVersion(length, 0, ""));
      ShardObject another = withVersion(seen, new ObjectVersion(length, 1_000, ""));
      ShardObject longer = withVersion(seen, new ObjectVersion(length + 1, 0, ""));

      access.checkVersions(List.of(seen, seenInReplicas));

      assertThatExceptionOfType(ObjectChangedException.class)
          .isThrownBy(() -> access.checkVersions(List.of(another)));
      assertThatExceptionOfType(ObjectChangedException.class)
          .isThrownBy(() -> access.checkVersions(List.of(longer)));
    }
  }

  private static ShardObject withVersion(ShardObject object, ObjectVersion version) {
    return new ShardObject(object.path(), version, object.hash());
  }
}
