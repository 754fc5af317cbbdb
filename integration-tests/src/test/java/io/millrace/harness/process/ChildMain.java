// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;

/** What {@link JavaProcessITCase} runs in other processes; the first argument says what. */
final class ChildMain {

  private ChildMain() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "wait" -> {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> print("hook has run")));
        print("input " + System.in.read());
        print("ready " + String.join(",", List.of(args).subList(1, args.length)));
        new CountDownLatch(1).await();
      }
      case "ignore SIGTERM" -> {
        Runtime.getRuntime().addShutdownHook(new Thread(ChildMain::waitForEver));
        print("ready");
        waitForEver();
      }
      case "fail" -> throw new IOException("no such luck");
      case "exit" -> System.exit(Integer.parseInt(args[1]));
      case "parent" -> parent(Path.of(args[1]));
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  /** Starts a child of its own, says its id, and waits. */
  private static void parent(Path directory) {
    JavaProcess child =
        JavaProcess.builder("grandchild")
            .classpath(JavaProcessITCase.CLASSES)
            .mainClass(ChildMain.class.getName())
            .args("wait")
            .log(directory.resolve("grandchild.log"))
            .deleteWhenOrphaned(directory)
            .start();
    child.awaitLine(Pattern.compile("ready"), Duration.ofSeconds(60));
    print("child " + child.pid());
    waitForEver();
  }

  private static void waitForEver() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void print(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
