// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.leak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.harness.leak.Leak.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Plants each kind of leak and sees it named; and sees none where there is none. */
@Tag("unit")
@Isolated("looks at all threads and descriptors of the process")
class LeakCheckTest {

  @TempDir Path directory;

  private LeakCheck.Builder quick() {
    return LeakCheck.ofThisJvm()
        .temporaryFiles(Pattern.compile("planted.*"))
        .directory(directory.resolve("looked-at"))
        .heapDumps(directory.resolve("dumps"))
        .limit(Duration.ofMillis(100));
  }

  private static URLClassLoader loader() {
    return new URLClassLoader(new URL[0], LeakCheckTest.class.getClassLoader());
  }

  @Test
  void findsNothingWhereEverythingWentAway() throws Exception {
    LeakCheck check = quick().limit(Duration.ofSeconds(20)).begin();
    useAndRelease(check);

    LeakReport report = check.end();

    assertThat(report.leaks()).isEmpty();
    report.check();
    assertThat(directory.resolve("dumps")).doesNotExist();
  }

  /** In a method of its own: an interpreter's frame holds what its variables held last. */
  private static void useAndRelease(LeakCheck check) throws Exception {
    Thread thread = new Thread(() -> {}, "planted");
    thread.start();
    Path file = Files.createTempFile("planted", ".tmp");
    try (InputStream in = Files.newInputStream(file);
        URLClassLoader loader = loader()) {
      check.track(loader, "planted loader");
      assertThat(in.read()).isEqualTo(-1);
    }
    Files.delete(file);
    thread.join();
  }

  @Test
  void namesAThreadAndWhereItIs() throws Exception {
    LeakCheck check = quick().begin();
    CountDownLatch end = new CountDownLatch(1);
    Thread thread = new Thread(() -> awaitPlanted(end), "planted");
    thread.start();
    try {
      LeakReport report = check.end();

      assertThat(report.leaks()).extracting(Leak::kind).containsExactly(Kind.THREAD);
      assertThatThrownBy(report::check)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("1 leaks\n  THREAD \"planted\"")
          .hasMessageContaining("io.millrace.harness.leak.LeakCheckTest.awaitPlanted");
    } finally {
      end.countDown();
      thread.join();
    }
    check.end().check();
  }

  private static void awaitPlanted(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void toleratesThreadsByNameOrStackAndSaysWhich() throws Exception {
    LeakCheck byName = quick().allowThreads(Pattern.compile("plan.*"), "the test's own").begin();
    LeakCheck byStack =
        quick().allowThreadsIn(Pattern.compile("\\.awaitPlanted"), "it waits").begin();
    LeakCheck others =
        quick()
            .allowThreads(Pattern.compile("plan"), "part of the name")
            .allowThreadsIn(Pattern.compile("\\.nowhere"), "elsewhere")
            .begin();
    CountDownLatch end = new CountDownLatch(1);
    Thread thread = new Thread(() -> awaitPlanted(end), "planted");
    thread.start();
    try {
      LeakReport report = byName.end();
      report.check();
      assertThat(report.tolerated()).contains("thread \"planted\": the test's own");
      assertThat(report.toString()).contains("0 leaks", "tolerated: thread \"planted\"");
      assertThat(byStack.end().tolerated()).contains("thread \"planted\": it waits");
      assertThat(others.end().leaks()).hasSize(1);
    } finally {
      end.countDown();
      thread.join();
    }
  }

  @Test
  void namesFilesInTheTemporaryAndInGivenDirectories() throws Exception {
    LeakCheck check = quick().begin();
    Path planted = Files.createTempFile("planted", ".tmp");
    Path other = Files.createTempFile("other", ".tmp");
    Path given = Files.createDirectories(directory.resolve("looked-at/sub")).resolve("file");
    Files.createFile(given);
    try {
      assertThat(check.end().leaks())
          .contains(new Leak(Kind.FILE, planted.toString()), new Leak(Kind.FILE, given.toString()))
          .doesNotContain(new Leak(Kind.FILE, other.toString()));
    } finally {
      Files.delete(planted);
      Files.delete(other);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void namesTheFilesAndSocketsThatAreOpen() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    try (InputStream early = Files.newInputStream(file)) {
      LeakCheck check = quick().begin();
      try (InputStream late = Files.newInputStream(file);
          ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        List<Leak> leaks = check.end().leaks();

        assertThat(leaks).contains(new Leak(Kind.DESCRIPTOR, "1 more of " + file));
        assertThat(leaks)
            .anySatisfy(
                leak ->
                    assertThat(leak.what())
                        .contains("socket:[", "from port " + socket.getLocalPort() + " to port 0"));
        assertThat(late.read()).isEqualTo(early.read());
      }
      check.end().check();
    }
  }

  @Test
  void namesAClassLoaderAndTheThreadThatHoldsItAndDumpsTheHeap() throws Exception {
    LeakCheck check = quick().begin();
    CountDownLatch end = new CountDownLatch(1);
    Thread thread = new Thread(() -> awaitPlanted(end), "planted");
    try (URLClassLoader loader = loader()) {
      thread.setContextClassLoader(loader);
      check.track(loader, "planted loader");
      check.track(loader, "planted loader, told again");
      thread.start();
      try {
        LeakReport report = check.end();

        assertThat(report.leaks())
            .contains(new Leak(Kind.CLASS_LOADER, "planted loader, context of thread \"planted\""))
            .anySatisfy(
                leak ->
                    assertThat(leak.toString())
                        .matches("CLASS_LOADER what holds it is in .*/leak-\\d+-\\d+\\.hprof"));
        assertThat(directory.resolve("dumps")).isDirectoryContaining("glob:**.hprof");
      } finally {
        end.countDown();
        thread.join();
      }
    }
  }

  /** Held by nothing that a thread's context tells. */
  @Test
  void namesAClassLoaderThatAStaticFieldWouldHold() throws Exception {
    LeakCheck check = quick().begin();
    ClassLoader held = loader();
    try {
      check.track(held, "held loader");

      assertThat(check.end().leaks()).contains(new Leak(Kind.CLASS_LOADER, "held loader"));
    } finally {
      Reference.reachabilityFence(held);
    }
  }

  @Test
  void refusesToTrackLoadersOfAnotherJvm() throws IOException {
    LeakCheck check = LeakCheck.ofJvm(ProcessHandle.current().pid()).limit(Duration.ZERO).begin();

    assertThatThrownBy(() -> check.track(getClass().getClassLoader(), "mine"))
        .hasMessage(
            "Cannot track class loader 'mine': process "
                + ProcessHandle.current().pid()
                + " is checked");
  }
}
