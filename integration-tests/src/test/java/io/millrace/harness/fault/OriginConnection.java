// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The connection to the origin that belongs to one connection of a client. */
final class OriginConnection implements Closeable {

  private static final int CONNECT_MILLIS = 10_000;

  /** After that the body is sent anyway, as RFC 9110 has it. */
  private static final int CONTINUE_MILLIS = 1_000;

  /** Longer, and the origin may be about to close it. */
  private static final long TRUSTED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private long usedLast = System.nanoTime();
  private boolean used;

  private OriginConnection(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  @SuppressWarnings("AddressSelection") // an address, no name
  static OriginConnection open(InetSocketAddress origin) throws IOException {
    Socket socket = new Socket();
    boolean connected = false;
    try {
      socket.setTcpNoDelay(true);
      socket.connect(origin, CONNECT_MILLIS);
      OriginConnection connection = new OriginConnection(socket);
      connected = true;
      return connection;
    } finally {
      if (!connected) {
        socket.close();
      }
    }
  }

  InputStream in() {
    return in;
  }

  OutputStream out() {
    return out;
  }

  /** Whether it has answered a request before. */
  boolean isUsed() {
    return used;
  }

  boolean isFresh() {
    return System.nanoTime() - usedLast < TRUSTED_NANOS;
  }

  void answered() {
    used = true;
    usedLast = System.nanoTime();
  }

  /** The next head, or null if none comes within the time to wait for a word before a body. */
  @Nullable HttpHead beforeBody() throws IOException {
    socket.setSoTimeout(CONTINUE_MILLIS);
    try {
      in.mark(1);
      if (in.read() >= 0) {
        in.reset();
      }
    } catch (SocketTimeoutException e) {
      return null;
    } finally {
      socket.setSoTimeout(0);
    }
    return HttpHead.read(in);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
