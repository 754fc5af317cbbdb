// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.process;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Runs another main class, and ends its process when the parent is gone: the parent holds the other
 * end of standard input, so that its end is seen however the parent died.
 *
 * <p>A single class that needs the JDK alone: the child's class path gets nothing else of the
 * harness.
 */
final class Launcher implements Runnable {

  /** Holds this class; removed as soon as it is loaded. */
  static final String DIRECTORY = "millrace.harness.launcher";

  /** What nobody else can delete any more when the parent is gone, if any. */
  static final String ORPHANED = "millrace.harness.orphaned";

  private static final int EXIT_STATUS = 143;

  private final InputStream parent;

  private Launcher(InputStream parent) {
    this.parent = parent;
  }

  /** Takes the main class and its arguments. */
  public static void main(String[] args) throws Throwable {
    delete(Path.of(System.getProperty(DIRECTORY)));
    Thread watch = new Thread(new Launcher(System.in), "harness-parent-watch");
    watch.setDaemon(true);
    watch.start();
    System.setIn(InputStream.nullInputStream());
    Method main = Class.forName(args[0]).getMethod("main", String[].class);
    main.setAccessible(true); // as java itself does for a class that is not public
    try {
      main.invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @Override
  public void run() {
    try {
      while (parent.read() >= 0) {
        // The parent writes nothing.
      }
    } catch (IOException e) {
      // As if it had ended.
    }
    try {
      String orphaned = System.getProperty(ORPHANED);
      if (orphaned != null) {
        deletePatiently(Path.of(orphaned));
      }
    } finally {
      // Not exit: shutdown hooks may hang.
      Runtime.getRuntime().halt(EXIT_STATUS);
    }
  }

  /** Siblings, which end now too, and this process may still be writing. */
  private static void deletePatiently(Path directory) {
    int absent = 0;
    for (int attempt = 0; attempt < 100 && absent < 3; attempt++) {
      absent = delete(directory) ? absent + 1 : 0;
      LockSupport.parkNanos(50_000_000);
    }
  }

  /** Whether it is gone. */
  private static boolean delete(Path directory) {
    try (Stream<Path> tree = Files.walk(directory)) {
      List<File> deepestFirst = tree.sorted(Comparator.reverseOrder()).map(Path::toFile).toList();
      boolean deleted = true;
      for (File file : deepestFirst) {
        deleted &= file.delete();
      }
      return deleted;
    } catch (IOException | UncheckedIOException e) {
      return !Files.exists(directory);
    }
  }
}
