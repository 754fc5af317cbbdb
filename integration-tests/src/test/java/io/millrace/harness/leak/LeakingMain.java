// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.leak;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.apache.flink.util.FlinkUserCodeClassLoaders;
import org.apache.flink.util.MutableURLClassLoader;

/** Leaks one of each on {@code leak}, and lets it go on {@code mend}; ends with its input. */
final class LeakingMain {

  private LeakingMain() {}

  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[0]);
    try (BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      // The warm-up that a check needs: with its first channel a JVM opens a socket for good.
      Files.newOutputStream(file).close();
      Files.delete(file);
      answer("ready");
      while (commands.readLine() != null) {
        leakUntilTheNextLine(file, commands);
        answer("done mend");
      }
    }
  }

  /** In a method of its own: an interpreter's frame holds what its variables held last. */
  private static void leakUntilTheNextLine(Path file, BufferedReader commands) throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Thread thread = new Thread(() -> await(end), "planted");
    thread.setDaemon(true);
    thread.start();
    try (OutputStream open = Files.newOutputStream(file);
        MutableURLClassLoader loader =
            FlinkUserCodeClassLoaders.parentFirst(
                new URL[0],
                LeakingMain.class.getClassLoader(),
                failure -> {},
                /* checkClassLoaderLeak= */ false)) {
      answer("done leak");
      commands.readLine();
      open.write(loader.getURLs().length);
    }
    end.countDown();
    thread.join();
  }

  private static void await(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(String line) throws IOException {
    System.out.write((line + "\n").getBytes(UTF_8));
    System.out.flush();
  }
}
