// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Requests of a test to one server. */
final class HttpCalls {

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI server;

  HttpCalls(URI server) {
    this.server = server;
  }

  static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  HttpResponse<byte[]> get(String target) throws IOException {
    return send(request(target).GET().build());
  }

  byte[] body(String target) throws IOException {
    return get(target).body();
  }

  HttpResponse<byte[]> call(String method, String target) throws IOException {
    return call(method, target, BodyPublishers.noBody());
  }

  HttpResponse<byte[]> call(String method, String target, BodyPublisher body) throws IOException {
    return send(request(target).method(method, body).build());
  }

  HttpRequest.Builder request(String target) {
    return HttpRequest.newBuilder(URI.create(server + target));
  }

  HttpResponse<byte[]> send(HttpRequest request) throws IOException {
    try {
      return client.send(request, BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  /** Sends text as it is and returns all that comes until the server closes. */
  String raw(String text) throws IOException {
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }
}
