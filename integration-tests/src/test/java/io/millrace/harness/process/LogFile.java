// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A log that a process still writes, from the byte on at which it began. */
record LogFile(Path path, long begin) {

  private static final int TAIL_BYTES = 32 << 10;
  private static final int TAIL_LINES = 120;

  /** The lines from now on of a log that may not be there yet. */
  static LogFile endOf(Path path) throws IOException {
    return new LogFile(path, Files.exists(path) ? Files.size(path) : 0);
  }

  /** The last lines, or as many as there are. */
  String tail() {
    try (SeekableByteChannel channel = Files.newByteChannel(path)) {
      channel.position(Math.max(begin, channel.size() - TAIL_BYTES));
      List<String> lines = new String(rest(channel), UTF_8).lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    } catch (IOException e) {
      return "(Cannot read " + path + ": " + e + ")";
    }
  }

  Lines lines() {
    return new Lines();
  }

  private static byte[] rest(SeekableByteChannel channel) throws IOException {
    // A read at a time, since the log grows: up to the end that it has when the end is reached.
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
    while (channel.read(buffer.clear()) > 0) {
      content.write(buffer.array(), 0, buffer.position());
    }
    return content.toByteArray();
  }

  /** Reads on where it stopped; one thread at a time. */
  final class Lines {

    private long position = begin;
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();

    /**
     * The first match in what was written since the last call.
     *
     * @param complete whether nothing will be added, so that a last line without an end counts too
     */
    Optional<Matcher> find(Pattern pattern, boolean complete) {
      byte[] added;
      try (SeekableByteChannel channel = Files.newByteChannel(path)) {
        channel.position(position);
        added = rest(channel);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read the log " + path, e);
      }
      partial.writeBytes(added);
      position += added.length;
      byte[] all = partial.toByteArray();
      int end = all.length;
      while (!complete && end > 0 && all[end - 1] != '\n') {
        end--;
      }
      partial.reset();
      partial.write(all, end, all.length - end);
      return new String(all, 0, end, UTF_8)
          .lines()
          .map(pattern::matcher)
          .filter(Matcher::find)
          .findFirst();
    }
  }
}
