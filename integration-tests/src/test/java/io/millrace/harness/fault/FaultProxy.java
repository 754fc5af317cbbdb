// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import io.millrace.harness.meter.OriginMeter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A reverse proxy before any HTTP/1.1 origin, which passes everything on byte for byte, unless a
 * rule says otherwise, and counts. It listens on a free port of the loopback address.
 *
 * <p>Streams bodies in both directions, whatever their framing; keeps connections alive; passes on
 * {@code Expect: 100-continue} and the client's {@code Host}, as signatures of S3 need. No TLS, no
 * upgrade to other protocols.
 *
 * <p>It is a small one of our own, since what is around hides what is needed here: HTTP libraries
 * rewrite paths and headers, and neither end a connection in mid-body nor leave a request without
 * an answer.
 *
 * <p>Thread-safe. Whoever starts it closes it; {@link #close} ends all connections and threads,
 * those of requests that hang too.
 */
public final class FaultProxy implements AutoCloseable {

  private static final int BACKLOG = 256;
  private static final int END_SECONDS = 10;
  private static final AtomicInteger NEXT = new AtomicInteger(1);

  private final ProxyContext context;
  private final Set<ProxyConnection> connections = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads;
  private final InetSocketAddress address;

  /** Null while it does not listen; guarded by this. */
  private @Nullable ServerSocket server;

  private volatile boolean closed;

  private FaultProxy(ProxyContext context) throws IOException {
    this.context = context;
    this.threads = Executors.newCachedThreadPool(FaultProxy::thread);
    this.address = listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "fault-proxy-" + NEXT.getAndIncrement());
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Begins a proxy before an origin: seed 0, objects by path.
   *
   * @param origin scheme {@code http}, host and port; a path is not heeded
   */
  public static Builder to(URI origin) {
    return new Builder(origin, 0, RequestClassifier.http());
  }

  /** Where clients find it; without a path. */
  public URI uri() {
    return URI.create("http://" + address.getHostString() + ":" + address.getPort());
  }

  /** Its rules; none at first. */
  public Faults faults() {
    return context.faults();
  }

  /** What it was asked for. */
  public OriginMeter meter() {
    return context.meter();
  }

  /**
   * Removes the rules, begins to count at zero, ends connections that hang, and listens again if it
   * did not. Requests that are under way keep their faults.
   *
   * @throws UncheckedIOException if its port was taken while it did not listen
   */
  public void reset() {
    context.faults().clear();
    connections.stream().filter(ProxyConnection::isHanging).forEach(ProxyConnection::close);
    context.meter().reset();
    resume();
  }

  /**
   * Stops listening and ends all connections: connecting is refused until {@link #resume}. Another
   * program may take the port meanwhile, if it asks for just this one.
   */
  public synchronized void pause() {
    ServerSocket socket = server;
    server = null;
    try {
      if (socket != null) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot stop listening at " + uri(), e);
    }
    connections.forEach(ProxyConnection::close);
  }

  /**
   * Listens again, at the same port. Does nothing if it does.
   *
   * @throws IllegalStateException if it is closed
   * @throws UncheckedIOException if its port was taken meanwhile
   */
  public synchronized void resume() {
    if (closed) {
      throw new IllegalStateException("Cannot listen at " + uri() + ": the proxy is closed");
    }
    if (server == null) {
      try {
        listen(address);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot listen at " + uri() + " again", e);
      }
    }
  }

  private synchronized InetSocketAddress listen(InetSocketAddress at) throws IOException {
    ServerSocket socket = new ServerSocket();
    boolean listening = false;
    try {
      socket.bind(at, BACKLOG);
      listening = true;
    } finally {
      if (!listening) {
        socket.close();
      }
    }
    server = socket;
    threads.execute(() -> accept(socket));
    return new InetSocketAddress(at.getAddress(), socket.getLocalPort());
  }

  private void accept(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        ProxyConnection connection = new ProxyConnection(socket.accept(), context);
        connections.add(connection);
        if (socket.isClosed()) {
          // What closed the others did not know of this one.
          connection.close();
        }
        start(connection);
      } catch (IOException e) {
        // Closed; or a client that was gone before it was accepted.
      }
    }
  }

  private void start(ProxyConnection connection) {
    try {
      threads.execute(() -> serve(connection));
    } catch (RejectedExecutionException e) {
      // Closed meanwhile.
      connection.close();
      connections.remove(connection);
    }
  }

  private void serve(ProxyConnection connection) {
    try {
      connection.run();
    } finally {
      connections.remove(connection);
    }
  }

  /** Connections that are open at the moment. */
  int connections() {
    return connections.size();
  }

  /**
   * Stops listening, ends all connections and threads, and waits for their end. Idempotent.
   *
   * @throws IllegalStateException if a thread does not end within ten seconds
   */
  @Override
  public void close() {
    closed = true;
    pause();
    threads.shutdown();
    try {
      if (!threads.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("A thread of the proxy at " + uri() + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A proxy that is not started; immutable. */
  public static final class Builder {

    private final URI origin;
    private final long seed;
    private final RequestClassifier classifier;

    private Builder(URI origin, long seed, RequestClassifier classifier) {
      if (!"http".equals(origin.getScheme()) || origin.getHost() == null || origin.getPort() < 0) {
        throw new IllegalArgumentException(
            "Cannot put a proxy before " + origin + ": must be http://HOST:PORT");
      }
      this.origin = origin;
      this.seed = seed;
      this.classifier = classifier;
    }

    /** What decides, with the rules, on requests and bytes. */
    public Builder seed(long value) {
      return new Builder(origin, value, classifier);
    }

    /** How requests are told apart, such as {@link RequestClassifier#s3}. */
    public Builder classifier(RequestClassifier value) {
      return new Builder(origin, seed, value);
    }

    /**
     * Starts it. The origin need not be there yet; a request that cannot reach it is answered 502.
     *
     * @throws UncheckedIOException if it cannot listen
     */
    public FaultProxy start() {
      try {
        return new FaultProxy(
            new ProxyContext(
                new InetSocketAddress(origin.getHost(), origin.getPort()),
                new Faults(seed),
                new OriginMeter(),
                classifier));
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot start a proxy before " + origin, e);
      }
    }
  }
}
