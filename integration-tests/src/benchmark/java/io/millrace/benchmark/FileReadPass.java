// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads each file into an array of its own, and makes nothing of it. */
final class FileReadPass implements PassVariant.Pass {

  private final List<Path> files;

  /** Where contents go, so that the compiler must read them. */
  private final byte[][] newest = new byte[64][];

  FileReadPass(List<Path> files) {
    this.files = files;
  }

  @Override
  public long run() {
    long bytes = 0;
    int reads = 0;
    for (Path file : files) {
      byte[] content;
      try {
        content = Files.readAllBytes(file);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read " + file, e);
      }
      newest[reads++ % newest.length] = content;
      bytes += content.length;
    }
    return bytes;
  }
}
