// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An HTTP server with objects in memory: GET with one range, HEAD, PUT, POST (answers what it got),
 * DELETE. With the query {@code chunked} it sends without a length.
 */
final class TestingOrigin implements AutoCloseable {

  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  TestingOrigin() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  void put(String path, byte[] content) {
    objects.put(path, content);
  }

  byte[] get(String path) {
    return objects.getOrDefault(path, new byte[0]);
  }

  /** Method, target and Host of each request. */
  List<String> requests() {
    return requests;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getRawPath();
      requests.add(
          exchange.getRequestMethod()
              + " "
              + exchange.getRequestURI()
              + " "
              + exchange.getRequestHeaders().getFirst("Host"));
      byte[] received = exchange.getRequestBody().readAllBytes();
      switch (exchange.getRequestMethod()) {
        case "PUT" -> {
          objects.put(path, received);
          exchange.sendResponseHeaders(200, -1);
        }
        case "POST" -> send(exchange, 200, received);
        case "DELETE" -> exchange.sendResponseHeaders(objects.remove(path) == null ? 404 : 204, -1);
        default -> read(exchange, objects.get(path));
      }
    }
  }

  private static void read(HttpExchange exchange, byte[] content) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (content == null) {
      exchange.sendResponseHeaders(404, -1);
    } else if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(content.length));
      exchange.sendResponseHeaders(200, -1);
    } else if (range != null) {
      String[] ends = range.substring("bytes=".length()).split("-", -1);
      int begin = Integer.parseInt(ends[0]);
      int end = Integer.parseInt(ends[1]) + 1;
      send(exchange, 206, Arrays.copyOfRange(content, begin, end));
    } else {
      send(exchange, 200, content);
    }
  }

  private static void send(HttpExchange exchange, int status, byte[] content) throws IOException {
    boolean chunked = "chunked".equals(exchange.getRequestURI().getQuery());
    // To this server a length of 0 means that it is not known.
    exchange.sendResponseHeaders(status, chunked ? 0 : content.length == 0 ? -1 : content.length);
    if (chunked || content.length > 0) {
      exchange.getResponseBody().write(content);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
