// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class StoreDirectoryTest {

  private static final Duration WEEK = Duration.ofDays(7);

  @TempDir Path parent;

  /** A sub-directory with a segment of so many bytes, whose process has ended. */
  private Path leftover(int number, int bytes) throws IOException {
    Path path = Files.createDirectories(parent.resolve("millrace-cache-" + number));
    Files.write(path.resolve("0000000000000001.seg"), new byte[bytes]);
    return path;
  }

  @Test
  void takesOverTheLargestThatIsFree() throws Exception {
    leftover(0, 10);
    leftover(1, 20_000);
    try (StoreDirectory first = StoreDirectory.claim(parent, DiskFiles.REAL);
        StoreDirectory second = StoreDirectory.claim(parent, DiskFiles.REAL);
        StoreDirectory third = StoreDirectory.claim(parent, DiskFiles.REAL)) {
      assertThat(first.path()).hasFileName("millrace-cache-1");
      assertThat(second.path()).hasFileName("millrace-cache-0");
      assertThat(third.path()).hasFileName("millrace-cache-2");
      assertThat(first.identity()).isNotEqualTo(second.identity());
    }
    try (StoreDirectory again = StoreDirectory.claim(parent, DiskFiles.REAL)) {
      assertThat(again.path()).hasFileName("millrace-cache-1");
    }
  }

  @Test
  void countsWhatOthersLeftAndEmptiesWhatIsOldOrTooMuch() throws Exception {
    try (StoreDirectory mine = StoreDirectory.claim(parent, DiskFiles.REAL)) {
      Path old = leftover(1, 1000);
      Path recent = leftover(2, 2000);
      Path foreign = Files.writeString(old.resolve("notes.txt"), "not ours");
      Path alsoForeign = Files.writeString(parent.resolve("data.seg"), "not ours");
      Files.setLastModifiedTime(
          old.resolve("0000000000000001.seg"), FileTime.from(Instant.now().minus(WEEK)));
      mine.sweep(WEEK.minusHours(1), 1 << 20);

      assertThat(old.resolve("0000000000000001.seg")).exists();
      Files.setLastModifiedTime(
          parent.resolve("millrace-cache-1.lock"), FileTime.from(Instant.now().minus(WEEK)));
      mine.sweep(WEEK.minusHours(1), 1 << 20);

      assertThat(old.resolve("0000000000000001.seg")).doesNotExist();
      assertThat(foreign).exists();
      assertThat(alsoForeign).exists();
      assertThat(mine.leftoverBytes()).isEqualTo(2000 + 4096);

      mine.sweep(WEEK, 5000);

      assertThat(recent.resolve("0000000000000001.seg")).doesNotExist();
      assertThat(mine.leftoverBytes()).isZero();
    }
  }

  @Test
  void takesAnIdentityOfItsOwnForOneThatCannotBeRead() throws Exception {
    Path damaged = leftover(0, 10);
    Files.write(damaged.resolve("identity"), new byte[] {(byte) 0xff, (byte) 0xc3, 0x28});
    try (StoreDirectory mine = StoreDirectory.claim(parent, DiskFiles.REAL)) {
      assertThat(mine.path()).isEqualTo(damaged);
      assertThat(damaged.resolve("identity")).hasContent(mine.identity().toString());
    }
  }

  @Test
  void leavesToOthersWhatItCannotUse() throws Exception {
    leftover(0, 30);
    leftover(1, 20);
    Files.createDirectory(leftover(2, 10).resolve("identity"));
    TestingDisk disk = new TestingDisk();
    disk.fault =
        (operation, file, position) -> {
          if (file.endsWith("millrace-cache-0.lock") || file.endsWith("millrace-cache-1.lock")) {
            throw new AccessDeniedException(file.toString());
          }
        };
    try (StoreDirectory mine = StoreDirectory.claim(parent, disk)) {
      assertThat(mine.path()).hasFileName("millrace-cache-3");
      leftover(4, 40);
      mine.sweep(WEEK, 1 << 20);
      assertThat(mine.leftoverBytes()).as("2 and 4").isEqualTo(10 + 40 + 2 * 4096);
    }
    disk.fault =
        (operation, file, position) -> {
          if (operation.equals("lock")) {
            throw new AccessDeniedException(file.toString());
          }
        };
    assertThatThrownBy(() -> StoreDirectory.claim(parent, disk))
        .hasMessage(
            "Cannot use " + parent + ": all of its 1000 places for a cache are in use or fail")
        .hasCauseInstanceOf(AccessDeniedException.class);
  }

  @Test
  void emptiesNothingWhoseAgeItCannotTell() throws Exception {
    TestingDisk disk = new TestingDisk();
    try (StoreDirectory mine = StoreDirectory.claim(parent, disk)) {
      Path other = leftover(1, 1000);
      disk.fault =
          (operation, file, position) -> {
            if (operation.equals("change")) {
              throw new IOException("Stale file handle");
            }
          };
      mine.sweep(WEEK, 1 << 20);
      assertThat(other.resolve("0000000000000001.seg")).exists();
    }
  }

  @Test
  void endsWhenItIsInterrupted() {
    TestingDisk disk = new TestingDisk();
    disk.fault =
        (operation, file, position) -> {
          if (operation.equals("lock")) {
            throw new ClosedByInterruptException();
          }
        };
    assertThatThrownBy(() -> StoreDirectory.claim(parent, disk))
        .isInstanceOf(ClosedByInterruptException.class);
  }

  /** Else the order of caches that grow meanwhile would contradict itself. */
  @Test
  void asksOnceForTheSizesThatItCompares() throws Exception {
    for (int i = 0; i < 50; i++) {
      leftover(i, 1 + i);
    }
    TestingDisk disk = new TestingDisk();
    Map<Path, Integer> asked = new HashMap<>();
    disk.fault =
        (operation, file, position) -> {
          if (operation.equals("size")) {
            asked.merge(file, 1, Integer::sum);
          }
        };
    try (StoreDirectory mine = StoreDirectory.claim(parent, disk)) {
      assertThat(mine.path()).hasFileName("millrace-cache-49");
      assertThat(asked).hasSize(50).allSatisfy((file, times) -> assertThat(times).isEqualTo(1));
    }
  }

  @Test
  void leavesAloneWhatIsLocked() throws Exception {
    try (StoreDirectory mine = StoreDirectory.claim(parent, DiskFiles.REAL);
        StoreDirectory theirs = StoreDirectory.claim(parent, DiskFiles.REAL)) {
      Path segment = theirs.path().resolve("0000000000000001.seg");
      Files.write(segment, new byte[100]);
      mine.sweep(Duration.ZERO, 0);
      assertThat(segment).exists();
    }
  }

  /** A job with a jar of its own has classes, and so locks, of its own in the same process. */
  @Test
  void isPrivateAmongClassLoadersOfOneProcess() throws Exception {
    URL[] classPath = {
      StoreDirectory.class.getProtectionDomain().getCodeSource().getLocation(),
    };
    try (StoreDirectory mine = StoreDirectory.claim(parent, DiskFiles.REAL);
        URLClassLoader other = new ChildFirst(classPath, getClass().getClassLoader())) {
      Class<?> type = other.loadClass(StoreDirectory.class.getName());
      assertThat(type).isNotSameAs(StoreDirectory.class);
      Class<?> filesType = other.loadClass(DiskFiles.class.getName());
      var files = filesType.getField("REAL");
      files.setAccessible(true);
      var claim = type.getDeclaredMethod("claim", Path.class, filesType);
      claim.setAccessible(true);
      try (AutoCloseable theirs = (AutoCloseable) claim.invoke(null, parent, files.get(null))) {
        assertThat(theirs).hasToString(parent.resolve("millrace-cache-1").toString());
        assertThat(mine).hasToString(parent.resolve("millrace-cache-0").toString());
      }
    }
    assertThat(System.getProperties().stringPropertyNames())
        .noneMatch(name -> name.contains(parent.toString()));
  }

  private static final class ChildFirst extends URLClassLoader {

    ChildFirst(URL[] classPath, ClassLoader parent) {
      super(classPath, parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("io.millrace.")) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
      return super.loadClass(name, resolve);
    }
  }
}
