// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
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
    try (StoreDirectory first = StoreDirectory.claim(parent);
        StoreDirectory second = StoreDirectory.claim(parent);
        StoreDirectory third = StoreDirectory.claim(parent)) {
      assertThat(first.path()).hasFileName("millrace-cache-1");
      assertThat(second.path()).hasFileName("millrace-cache-0");
      assertThat(third.path()).hasFileName("millrace-cache-2");
      assertThat(first.identity()).isNotEqualTo(second.identity());
    }
    try (StoreDirectory again = StoreDirectory.claim(parent)) {
      assertThat(again.path()).hasFileName("millrace-cache-1");
    }
  }

  @Test
  void countsWhatOthersLeftAndEmptiesWhatIsOldOrTooMuch() throws Exception {
    try (StoreDirectory mine = StoreDirectory.claim(parent)) {
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
  void leavesAloneWhatIsLocked() throws Exception {
    try (StoreDirectory mine = StoreDirectory.claim(parent);
        StoreDirectory theirs = StoreDirectory.claim(parent)) {
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
    try (StoreDirectory mine = StoreDirectory.claim(parent);
        URLClassLoader other = new ChildFirst(classPath, getClass().getClassLoader())) {
      Class<?> type = other.loadClass(StoreDirectory.class.getName());
      assertThat(type).isNotSameAs(StoreDirectory.class);
      var claim = type.getDeclaredMethod("claim", Path.class);
      claim.setAccessible(true);
      try (AutoCloseable theirs = (AutoCloseable) claim.invoke(null, parent)) {
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
