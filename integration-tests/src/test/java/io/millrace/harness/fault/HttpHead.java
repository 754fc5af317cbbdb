// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The lines of a request or an answer before its body (RFC 9112), kept byte for byte. */
final class HttpHead {

  private static final int LONGEST = 64 * 1024;

  private final byte[] bytes;
  private final String[] start;
  private final List<String> headers;

  private HttpHead(byte[] bytes, String[] start, List<String> headers) {
    this.bytes = bytes;
    this.start = start;
    this.headers = headers;
  }

  /** Reads one; null if the stream is at its end. */
  static @Nullable HttpHead read(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    List<String> lines = new ArrayList<>();
    int begin = 0;
    while (true) {
      int value = in.read();
      if (value < 0) {
        if (head.size() == 0) {
          return null;
        }
        throw new EOFException("Cannot read an HTTP head: it ends after " + head.size());
      }
      head.write(value);
      if (head.size() > LONGEST) {
        throw new IOException("Cannot read an HTTP head: it is longer than " + LONGEST);
      }
      if (value == '\n') {
        String line =
            new String(head.toByteArray(), begin, head.size() - begin, StandardCharsets.ISO_8859_1)
                .stripTrailing();
        begin = head.size();
        if (!line.isEmpty()) {
          lines.add(line);
        } else if (!lines.isEmpty()) {
          return parse(head.toByteArray(), lines);
        }
      }
    }
  }

  private static HttpHead parse(byte[] bytes, List<String> lines) throws IOException {
    String[] start = lines.get(0).split(" ", 3);
    if (start.length < 2) {
      throw new IOException(
          "Cannot read an HTTP head: malformed first line '" + lines.get(0) + "'");
    }
    return new HttpHead(bytes, start, lines.subList(1, lines.size()));
  }

  byte[] bytes() {
    return bytes;
  }

  /** Of a request. */
  String method() {
    return start[0];
  }

  /** Of a request. */
  String target() {
    return start[1];
  }

  /** Of an answer. */
  int status() throws IOException {
    try {
      return Integer.parseInt(start[1]);
    } catch (NumberFormatException e) {
      throw new IOException("Cannot read an HTTP answer: malformed status '" + start[1] + "'", e);
    }
  }

  @Nullable String header(String name) {
    String prefix = name.toLowerCase(Locale.ROOT) + ":";
    for (String header : headers) {
      if (header.toLowerCase(Locale.ROOT).startsWith(prefix)) {
        return header.substring(prefix.length()).strip();
      }
    }
    return null;
  }

  private boolean has(String name, String value) {
    String found = header(name);
    return found != null && found.toLowerCase(Locale.ROOT).contains(value);
  }

  /** Whether the client waits for a word before it sends the body. */
  boolean expectsContinue() {
    return has("Expect", "100-continue");
  }

  /** Whether another message may follow on the connection. */
  boolean keepsAlive() {
    String version = start[0].startsWith("HTTP/") ? start[0] : start[start.length - 1];
    return !has("Connection", "close")
        && (version.equals("HTTP/1.1") || has("Connection", "keep-alive"));
  }

  /** How the body of this request is framed. */
  HttpFraming requestFraming() throws IOException {
    HttpFraming framing = framing();
    return framing.kind() == HttpFraming.Kind.UNTIL_CLOSE ? HttpFraming.NONE : framing;
  }

  /** How the body of this answer to a request by a method is framed. */
  HttpFraming answerFraming(String method) throws IOException {
    int status = status();
    boolean none = method.equals("HEAD") || status < 200 || status == 204 || status == 304;
    return none ? HttpFraming.NONE : framing();
  }

  private HttpFraming framing() throws IOException {
    if (has("Transfer-Encoding", "chunked")) {
      return HttpFraming.CHUNKED;
    }
    String length = header("Content-Length");
    if (length == null) {
      return HttpFraming.UNTIL_CLOSE;
    }
    try {
      return HttpFraming.length(Long.parseLong(length));
    } catch (NumberFormatException e) {
      throw new IOException("Cannot read an HTTP head: malformed Content-Length " + length, e);
    }
  }
}
