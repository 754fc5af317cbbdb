// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/** Moves one body on, as it comes. Not thread-safe. */
final class BodyRelay {

  private static final int PIECE = 16 * 1024;
  private static final int LONGEST_LINE = 16 * 1024;

  private final InputStream in;
  private final OutputStream out;
  private final Pace pace;
  private final Damage damage;
  private final LongConsumer counter;
  private final byte[] buffer = new byte[PIECE];
  private long position;

  /**
   * @param counter is told the bytes of the body before they are sent, so that who has received
   *     them sees them counted
   */
  BodyRelay(InputStream in, OutputStream out, Pace pace, Damage damage, LongConsumer counter) {
    this.in = in;
    this.out = out;
    this.pace = pace;
    this.damage = damage;
    this.counter = counter;
  }

  /**
   * Moves it.
   *
   * @return false if it was cut
   */
  boolean relay(HttpFraming framing) throws IOException {
    boolean whole =
        switch (framing.kind()) {
          case LENGTH -> run(framing.length(), true);
          case CHUNKED -> chunks();
          case UNTIL_CLOSE -> run(Long.MAX_VALUE, false);
        };
    return whole && !damage.cuts();
  }

  private boolean chunks() throws IOException {
    while (true) {
      String line = line();
      long size = sizeOf(line);
      if (size == 0) {
        return !damage.cuts() && trailers(line);
      }
      send(line);
      if (!run(size, true)) {
        return false;
      }
      send(line());
    }
  }

  private boolean trailers(String last) throws IOException {
    StringBuilder end = new StringBuilder(last);
    String line;
    do {
      line = line();
      end.append(line);
    } while (!line.isBlank());
    send(end.toString());
    return true;
  }

  private static long sizeOf(String line) throws IOException {
    int extension = line.indexOf(';');
    String size = (extension < 0 ? line : line.substring(0, extension)).strip();
    try {
      return Long.parseLong(size, 16);
    } catch (NumberFormatException e) {
      throw new IOException("Cannot relay a chunk: malformed size '" + size + "'", e);
    }
  }

  /** A line with its end. */
  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    int value;
    do {
      value = in.read();
      if (value < 0 || line.length() >= LONGEST_LINE) {
        throw new EOFException("Cannot relay a chunked body: a line is cut off or too long");
      }
      line.append((char) value);
    } while (value != '\n');
    return line.toString();
  }

  private void send(String line) throws IOException {
    out.write(line.getBytes(StandardCharsets.ISO_8859_1));
  }

  /**
   * @param exact whether there must be so many bytes
   */
  private boolean run(long length, boolean exact) throws IOException {
    long left = length;
    while (left > 0) {
      int count = in.read(buffer, 0, (int) Math.min(left, pace.piece(PIECE)));
      if (count < 0) {
        if (exact) {
          throw new EOFException("Cannot relay a body: " + left + " bytes of it are missing");
        }
        return true;
      }
      int allowed = damage.allowed(position, count);
      damage.apply(position, buffer, 0, allowed);
      pace.move(allowed);
      counter.accept(allowed);
      out.write(buffer, 0, allowed);
      if (allowed < count || damage.allowed(position + count, 1) == 0) {
        return false;
      }
      position += count;
      left -= count;
    }
    return true;
  }
}
