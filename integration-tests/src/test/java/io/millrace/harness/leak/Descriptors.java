// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.leak;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The open descriptors of a process, by target, as Linux shows them. */
final class Descriptors {

  private static final Path PROC = Path.of("/proc");
  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int STATE = 3;
  private static final int INODE = 9;

  private Descriptors() {}

  /** Empty on systems without {@code /proc}, and of processes of other users. */
  static Optional<Map<String, Integer>> of(long pid) throws IOException {
    Path directory = PROC.resolve(String.valueOf(pid)).resolve("fd");
    if (!Files.isReadable(directory)) {
      return Optional.empty();
    }
    Map<String, Integer> targets = new TreeMap<>();
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(directory)) {
      for (Path descriptor : descriptors) {
        try {
          targets.merge(Files.readSymbolicLink(descriptor).toString(), 1, Integer::sum);
        } catch (NoSuchFileException e) {
          // Closed meanwhile; the stream's own, too.
        }
      }
    }
    targets.remove(directory.toString());
    return Optional.of(targets);
  }

  /** Adds its addresses to a target such as {@code socket:[4711]}, if the process still has it. */
  static String describe(long pid, String target) throws IOException {
    if (target.startsWith("socket:[")) {
      String inode = target.substring("socket:[".length(), target.length() - 1);
      for (String protocol : new String[] {"tcp", "tcp6", "udp", "udp6"}) {
        Path table = PROC.resolve(pid + "/net/" + protocol);
        if (Files.isReadable(table)) {
          for (String line : Files.readAllLines(table)) {
            String[] columns = line.strip().split("\\s+", -1);
            if (columns.length > INODE && columns[INODE].equals(inode)) {
              return String.format(
                  java.util.Locale.ROOT,
                  "%s %s from port %d to port %d, state %s",
                  target,
                  protocol,
                  port(columns[LOCAL]),
                  port(columns[REMOTE]),
                  columns[STATE]);
            }
          }
        }
      }
    }
    return target;
  }

  private static int port(String address) {
    return HexFormat.fromHexDigits(address.substring(address.indexOf(':') + 1));
  }
}
