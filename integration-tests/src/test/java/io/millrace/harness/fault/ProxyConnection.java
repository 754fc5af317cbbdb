// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a client, with one to the origin behind it, on a thread of its own. Heads go
 * through byte for byte, the header Host too, so that signatures stay valid. May be closed from any
 * thread, which ends whatever it waits for.
 */
final class ProxyConnection implements Runnable, Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(ProxyConnection.class);

  private final Socket client;
  private final ProxyContext context;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean hanging;

  /** Set by the connection's thread alone. */
  private volatile @Nullable OriginConnection origin;

  ProxyConnection(Socket client, ProxyContext context) {
    this.client = client;
    this.context = context;
  }

  /** Whether a fault keeps it from answering. */
  boolean isHanging() {
    return hanging;
  }

  @Override
  public void run() {
    try {
      client.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(client.getInputStream());
      OutputStream out = client.getOutputStream();
      HttpHead head = HttpHead.read(in);
      while (head != null && exchange(head, in, out)) {
        head = HttpHead.read(in);
      }
    } catch (IOException e) {
      // A client that goes away in mid-body is an everyday matter.
      LOG.debug("Connection from {} ended: {}", client.getRemoteSocketAddress(), e.toString());
    } finally {
      close();
    }
  }

  /**
   * @return whether another request may follow
   */
  private boolean exchange(HttpHead head, InputStream in, OutputStream out) throws IOException {
    OriginRequest request = context.classifier().classify(head.method(), head.target());
    long clears = context.faults().clears();
    FaultPlan plan = context.faults().decide(request);
    Exchange exchange = new Exchange(head, request, plan, new Pace(plan, closed), context.meter());
    exchange.arrived();
    exchange.pace().before();
    Fault outcome = plan.outcome();
    if (outcome instanceof Fault.Refuse) {
      client.setSoLinger(true, 0);
      return false;
    }
    if (outcome instanceof Fault.Hang) {
      hang(in, clears);
      return false;
    }
    if (outcome instanceof Fault.Status status) {
      return answer(exchange, status, in, out);
    }
    return forward(exchange, in, out);
  }

  /** Until the client gives up, or this is closed; not at all if a reset came in between. */
  private void hang(InputStream in, long clears) throws IOException {
    hanging = true;
    if (context.faults().clears() == clears) {
      in.transferTo(OutputStream.nullOutputStream());
    }
  }

  private static boolean answer(
      Exchange exchange, Fault.Status status, InputStream in, OutputStream out) throws IOException {
    HttpHead head = exchange.head();
    // Who waits for a word before the body will not send it now.
    boolean keep = head.keepsAlive() && !head.expectsContinue();
    if (keep) {
      Pace pace = exchange.pace();
      new BodyRelay(in, OutputStream.nullOutputStream(), pace, Damage.none(), exchange::written)
          .relay(head.requestFraming());
    }
    byte[] body = S3Errors.body(status, exchange.request().object());
    long retryAfter = status.retryAfter().toSeconds();
    String answer =
        "HTTP/1.1 "
            + status.code()
            + " "
            + S3Errors.reasonOf(status.code())
            + "\r\nContent-Type: application/xml\r\nContent-Length: "
            + body.length
            + (retryAfter > 0 ? "\r\nRetry-After: " + retryAfter : "")
            + (keep ? "" : "\r\nConnection: close")
            + "\r\n\r\n";
    exchange.pace().answered();
    out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
    if (!head.method().equals("HEAD")) {
      exchange.read(body.length);
      out.write(body);
    }
    return keep;
  }

  private boolean forward(Exchange exchange, InputStream in, OutputStream out) throws IOException {
    OriginConnection there = connect(out);
    if (there == null) {
      return false;
    }
    HttpHead head = exchange.head();
    HttpHead answer = null;
    boolean sent = true;
    try {
      there.out().write(head.bytes());
      HttpFraming framing = head.requestFraming();
      if (!framing.isEmpty()) {
        answer = head.expectsContinue() ? untilBody(there, out) : null;
        sent = answer == null && sendBody(exchange, framing, in, there);
      }
      answer = answer == null ? answerOf(there, out) : answer;
    } catch (IOException e) {
      if (!there.isUsed() || there.in().available() > 0 || !head.requestFraming().isEmpty()) {
        throw e;
      }
      // The origin has closed a connection that it no longer needed; nothing is lost.
      there = reconnect();
      there.out().write(head.bytes());
      answer = answerOf(there, out);
    }
    there.answered();
    exchange.pace().answered();
    return pass(exchange, answer, there, out) && sent;
  }

  /** The final answer, if the origin gives one without having seen the body. */
  private static @Nullable HttpHead untilBody(OriginConnection there, OutputStream out)
      throws IOException {
    HttpHead answer = there.beforeBody();
    while (answer != null && answer.status() < 200) {
      out.write(answer.bytes());
      if (answer.status() == 100) {
        return null;
      }
      answer = there.beforeBody();
    }
    return answer;
  }

  private static boolean sendBody(
      Exchange exchange, HttpFraming framing, InputStream in, OriginConnection there)
      throws IOException {
    try {
      return new BodyRelay(in, there.out(), exchange.pace(), Damage.none(), exchange::written)
          .relay(framing);
    } catch (IOException e) {
      if (there.in().available() == 0) {
        throw e;
      }
      // It has answered, and does not want the rest.
      return false;
    }
  }

  private static HttpHead answerOf(OriginConnection there, OutputStream out) throws IOException {
    while (true) {
      HttpHead answer = HttpHead.read(there.in());
      if (answer == null) {
        throw new EOFException("the origin closed the connection without an answer");
      }
      if (answer.status() >= 200) {
        return answer;
      }
      out.write(answer.bytes());
    }
  }

  private boolean pass(Exchange exchange, HttpHead answer, OriginConnection there, OutputStream out)
      throws IOException {
    HttpFraming framing = answer.answerFraming(exchange.head().method());
    Damage damage = Damage.of(exchange.plan(), framing.length());
    if (framing.isEmpty() && damage.cuts()) {
      return false;
    }
    out.write(answer.bytes());
    boolean whole =
        new BodyRelay(there.in(), out, exchange.pace(), damage, exchange::read).relay(framing);
    boolean untilClose = framing.kind() == HttpFraming.Kind.UNTIL_CLOSE;
    if (!whole && untilClose) {
      // An orderly end would be the body's.
      client.setSoLinger(true, 0);
    }
    return whole && !untilClose && exchange.head().keepsAlive() && answer.keepsAlive();
  }

  /** Null if there is no origin, which the client has then been told. */
  private @Nullable OriginConnection connect(OutputStream out) throws IOException {
    OriginConnection before = origin;
    if (before != null && before.isFresh()) {
      return before;
    }
    try {
      return reconnect();
    } catch (IOException e) {
      LOG.warn("Cannot reach the origin {}: {}", context.origin(), e.toString());
      out.write(
          "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
              .getBytes(StandardCharsets.ISO_8859_1));
      return null;
    }
  }

  private OriginConnection reconnect() throws IOException {
    OriginConnection before = origin;
    if (before != null) {
      before.close();
    }
    OriginConnection fresh = OriginConnection.open(context.origin());
    origin = fresh;
    if (closed.getCount() == 0) {
      fresh.close();
    }
    return fresh;
  }

  @Override
  public void close() {
    closed.countDown();
    closeQuietly(client);
    OriginConnection there = origin;
    if (there != null) {
      closeQuietly(there);
    }
  }

  private static void closeQuietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      LOG.debug("Cannot close a connection: {}", e.toString());
    }
  }
}
